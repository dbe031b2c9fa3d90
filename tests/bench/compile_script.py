"""How long the compiler takes: a script of 1,000 statements through `millrace check`, and the same
script ten times as long, to see that time grows with the text and no faster.

    compile_script.py [MILLRACE]
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 5


def script(statements):
    """A fifth each of tables, views, INSERTs, EXPLAINs and settings."""
    parts = []
    for i in range(statements // 5):
        parts.append(f"""CREATE TABLE t{i} (
    id INT NOT NULL, name STRING, price DECIMAL(10, 2), at_time TIMESTAMP(3), total AS price * 2,
    PRIMARY KEY (id) NOT ENFORCED
) WITH ('connector' = 'datagen', 'number-of-rows' = '10', 'fields.id.min' = '1');""")
        parts.append(f"CREATE VIEW v{i} AS SELECT id, UPPER(TRIM(name)) AS name, total FROM t{i} "
                     f"WHERE price BETWEEN {i} AND {i + 100} AND name IS NOT NULL;")
        parts.append(f"CREATE TABLE s{i} (id BIGINT, name STRING, size STRING) "
                     "WITH ('connector' = 'blackhole');")
        parts.append(f"EXPLAIN INSERT INTO s{i} SELECT id + 1, CONCAT(name, '-', CAST(id AS STRING)), "
                     "CASE WHEN total > 100 THEN 'big' WHEN total > 10 THEN 'small' ELSE NULL END "
                     f"FROM v{i} WHERE id IN (1, 2, 3, 4, 5) OR name LIKE 'a%';")
        parts.append(f"SET 'pipeline.name' = 'job {i}';")
    return "\n".join(parts) + "\n"


def seconds(program, path):
    times = []
    for _ in range(RUNS):
        begin = time.monotonic()
        subprocess.run([program, "check", path], check=True, stdout=subprocess.DEVNULL)
        times.append(time.monotonic() - begin)
    return statistics.median(times)


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "build/release/millrace"
    with tempfile.TemporaryDirectory() as folder:
        for statements in (5, 1_000, 10_000):
            path = pathlib.Path(folder, f"{statements}.sql")
            path.write_text(script(statements))
            took = seconds(program, path)
            print(f"{statements:6} statements, {path.stat().st_size / 1024:7.0f} KiB: "
                  f"{took * 1000:7.1f} ms, {took * 1e6 / statements:6.0f} us a statement")


if __name__ == "__main__":
    main()
