"""The figures of scripts/bench.sh: four shards, end to end into `minidoris --discard`, against a bare
client that reads the same and only counts bytes.

    bench.py [--rows ROWS_PER_SHARD] [--runs RUNS]
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

# pylint: disable=wrong-import-position
from servers import (BINARY_DIR, MariaDb, Millrace, Minidoris, expect, main, playground, say,
                     wait_until)
from shards import COLUMNS, DORIS_TABLE, MYSQL_COLUMNS, SHARDS
from watcher import find_position

ROWS_PER_STATEMENT = 1000
CONNECTIONS = 2
LOAD_DEADLINE_S = 600
RUN_DEADLINE_S = 300

SCRIPT = """
SET 'pipeline.name' = '{job}';
SET 'execution.checkpointing.interval' = '{interval}';
SET 'parallelism.default' = '{parallelism}';
CREATE TABLE source (
  database_name STRING METADATA VIRTUAL, table_name STRING METADATA VIRTUAL, emp_no INT NOT NULL,
  birth_date DATE, first_name STRING, last_name STRING, gender STRING, hire_date DATE,
  PRIMARY KEY (emp_no) NOT ENFORCED
) WITH ('connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{port}',
  'username' = 'cdc', 'password' = 'cdc-secret', 'database-name' = '{databases}',
  'table-name' = 'employees_[0-9]+', 'scan.startup.mode' = '{mode}');
CREATE TABLE sink (
  emp_no INT, birth_date STRING, first_name STRING, last_name STRING, gender STRING,
  hire_date STRING, database_name STRING, table_name STRING
) WITH ('connector' = 'doris', 'fenodes' = '127.0.0.1:{http_port}', 'username' = 'root',
  'password' = '', 'table.identifier' = 'demo.all_employees_info',
  'sink.properties.two_phase_commit' = 'true', 'sink.label-prefix' = '{job}');
INSERT INTO sink SELECT emp_no, CAST(birth_date AS STRING), first_name, last_name, gender,
  CAST(hire_date AS STRING), database_name, table_name FROM source;
"""


class Figures:
    """What one run took."""

    def __init__(self, rows, seconds, usage=None):
        self.rows_per_s = rows / seconds
        self.peak_mib = usage.ru_maxrss / 1024 if usage else 0
        self.cpu_s_per_million = (usage.ru_utime + usage.ru_stime) / rows * 1e6 if usage else 0


class Bench:
    def __init__(self, folder, processes, options):
        self.folder = folder
        self.options = options
        self.rows = options.rows * len(SHARDS)
        self.mysql = MariaDb(folder / "mysql", innodb_buffer_pool_size="2G",
                             innodb_log_file_size="1G", max_binlog_size="1G")
        processes.append(self.mysql)
        self.mysql.start()
        self.mysql.create_user()
        self.doris = Minidoris(folder / "doris", "--discard")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE demo", DORIS_TABLE)
        self.processes = processes
        self.jobs = 0

    # --- rows -----------------------------------------------------------------------------------------
    def load(self):
        """1000 rows per statement, as bulk loaders write them; the binlog holds the same rows."""
        start = time.monotonic()
        connection = self.mysql.connect()
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE numbers")
            cursor.execute("CREATE TABLE numbers.n (i INT PRIMARY KEY)")
            cursor.execute("INSERT INTO numbers.n VALUES "
                           + ",".join(f"({i})" for i in range(ROWS_PER_STATEMENT)))
            for number, (database, table) in enumerate(SHARDS):
                cursor.execute(f"CREATE DATABASE IF NOT EXISTS {database}")
                cursor.execute(f"CREATE TABLE {database}.{table} ({MYSQL_COLUMNS})")
                first = number * self.options.rows + 1
                for base in range(first, first + self.options.rows, ROWS_PER_STATEMENT):
                    cursor.execute(
                        f"INSERT INTO {database}.{table} SELECT {base} + i, DATE '1950-01-01' + "
                        f"INTERVAL ({base} + i * 7) % 20000 DAY, "
                        "ELT(1 + i % 5, 'Georgi', 'Bezalel', 'Chirstian', 'Kyoichi', 'Anneke'), "
                        "ELT(1 + i % 7, 'Facello', 'Simmel', 'Bamford', 'Koblick', 'Maliniak', "
                        "'Preusig', 'Zielinski'), ELT(1 + i % 2, 'M', 'F'), DATE '1985-01-01' + "
                        f"INTERVAL ({base} + i * 3) % 6000 DAY FROM numbers.n")
            cursor.execute(self.mysql.position_statement)
            file, offset = cursor.fetchone()[:2]
            self.end = (int(file.rsplit(".", 1)[1]), int(offset))
            for database, table in SHARDS:  # into the buffer pool
                cursor.execute(f"SELECT SUM(emp_no) FROM {database}.{table}")
        connection.close()
        say(f"loaded {self.rows} rows in {time.monotonic() - start:.0f} s")

    # --- Millrace -------------------------------------------------------------------------------------
    def counted(self):
        with urllib.request.urlopen(
                f"http://127.0.0.1:{self.doris.http_port}/api/_minidoris/stats", timeout=10) as answer:
            return json.loads(answer.read())["rows"]

    def start(self, mode, interval, databases="emp_[0-9]+", parallelism=CONNECTIONS):
        self.jobs += 1
        self.job = f"bench-{self.jobs}"
        script = self.folder / f"{self.job}.sql"
        script.write_text(SCRIPT.format(
            job=self.job, interval=interval, parallelism=parallelism, mode=mode,
            port=self.mysql.port, databases=databases, http_port=self.doris.http_port))
        millrace = Millrace(self.folder / self.job, self.folder / "state")
        self.processes.append(millrace)
        return millrace.start(script)

    @staticmethod
    def reap(millrace):
        """Waits for the end; returns the resources the process took."""
        _, status, usage = os.wait4(millrace.child.pid, 0)
        millrace.child.returncode = os.waitstatus_to_exitcode(status)
        expect(millrace.child.returncode == 0,
               f"millrace ended with {millrace.child.returncode}\n{millrace.log_tail()}")
        return usage

    def snapshot(self, databases="emp_[0-9]+", rows=None):
        rows = rows or self.rows
        before, start = self.counted(), time.monotonic()
        millrace = self.start("snapshot", "10 s", databases)
        usage = self.reap(millrace)
        seconds = time.monotonic() - start
        expect(self.counted() - before == rows,
               f"{self.counted() - before} rows arrived, expected {rows}\n{millrace.log_tail()}")
        return Figures(rows, seconds, usage)

    def binlog(self):
        before, start = self.counted(), time.monotonic()
        millrace = self.start("earliest-offset", "500 ms")

        def all_there():
            for _, path in reversed(millrace.checkpoints(self.job)):
                position = find_position(json.loads(path.read_text()))
                return position is not None and position >= self.end
            return False
        wait_until("a checkpoint with the last row", all_there, RUN_DEADLINE_S, alive=millrace)
        seconds = time.monotonic() - start
        millrace.child.terminate()
        usage = self.reap(millrace)
        expect(self.counted() - before == self.rows,
               f"{self.counted() - before} rows arrived, expected {self.rows}")
        return Figures(self.rows, seconds, usage)

    # --- the limit ------------------------------------------------------------------------------------
    def bare(self, mode, *arguments):
        done = subprocess.run([BINARY_DIR / "bare_reader", mode, str(self.mysql.port), "cdc",
                               "cdc-secret", *map(str, arguments)],
                              capture_output=True, text=True, check=False)
        expect(done.returncode == 0, done.stderr)
        return Figures(self.rows, float(done.stdout.split()[2]))

    def bare_snapshot(self):
        return self.bare("snapshot", CONNECTIONS, *[f"SELECT {COLUMNS} FROM {database}.{table}"
                                                    for database, table in SHARDS])

    def bare_binlog(self):
        return self.bare("binlog", "bin.000001")

    def median(self, measure, measure_bare):
        """One pair of runs to warm up, then the median of the others by their ratio. Both sides of a
        ratio are measured right after each other, since a machine is never quiet for long."""
        measure_bare()
        measure()
        pairs = sorted(((measure(), measure_bare()) for _ in range(self.options.runs)),
                       key=lambda pair: pair[0].rows_per_s / pair[1].rows_per_s)
        return pairs[len(pairs) // 2]

    def run(self):
        self.load()
        say("snapshot: millrace and the bare client in turn")
        snapshot, bare_snapshot = self.median(self.snapshot, self.bare_snapshot)
        say("snapshot of half of the rows")
        half = self.snapshot("emp_1", self.rows // 2)
        say("binlog: millrace and the bare client in turn")
        binlog, bare_binlog = self.median(self.binlog, self.bare_binlog)
        print(f"\n{self.rows:,} rows in {len(SHARDS)} shards, {CONNECTIONS} connections, "
              f"{os.cpu_count()} cores, JSON, {self.options.runs} runs (median)\n")
        print("|            |   rows/s | bare rows/s | ratio | peak MiB | CPU s per million rows |")
        print("| ---------- | -------: | ----------: | ----: | -------: | ---------------------: |")
        for name, one, bare in (("snapshot", snapshot, bare_snapshot),
                                ("binlog", binlog, bare_binlog)):
            print(f"| {name:10} | {one.rows_per_s:8,.0f} | {bare.rows_per_s:11,.0f} | "
                  f"{one.rows_per_s / bare.rows_per_s:5.2f} | {one.peak_mib:8.0f} | "
                  f"{one.cpu_s_per_million:22.2f} |")
        print(f"\nPeak memory of a snapshot of half of the rows: {half.peak_mib:.0f} MiB")


def bench():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows per shard")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with playground("bench") as (folder, processes):
        Bench(folder, processes, options).run()


if __name__ == "__main__":
    main(bench)
