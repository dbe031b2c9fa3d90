# ctest: append_only_mariadb, 180 s, slow: mariadb
# ctest: append_only_mysql9, 180 s, slow: mysql9
"""Every change as an inserted row, each exactly once, in a Doris table with a DUPLICATE KEY.

    append_only.py mariadb|mysql9

Writers change four shards while the snapshot begins, and the job is killed again and again. In the end the rows that
came (+I, +U) without those that went (-U, -D) are the tables: a change that came twice, or never, is one too many or
too few.
"""

import random
import sys
import time
from collections import Counter

from changelog import ROWS, TABLES, Writer, table_rows
from servers import Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until

KILLS = 5
BETWEEN_KILLS_S = 1.5
SCRIPT = """
SET execution.checkpointing.interval = 200ms;
CREATE TABLE s (db STRING METADATA FROM 'database_name' VIRTUAL, tab STRING METADATA FROM 'table_name' VIRTUAL,
  id INT NOT NULL, v BIGINT, kind STRING METADATA FROM 'row_kind' VIRTUAL, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'log_[0-9]', 'table-name' = 't[0-9]',
  'scan.read-changelog-as-append-only.enabled' = 'true');
CREATE TABLE d (db STRING, tab STRING, id INT, v BIGINT, kind STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'table.identifier' = 'a.changes',
  'username' = 'root', 'password' = '', 'sink.label-prefix' = 'a');
INSERT INTO d SELECT db, tab, id, v, kind FROM s;
"""


def balance(doris):
    """(database, table, key, value) -> how often it came, less how often it went; only what is not 0."""
    count = Counter()
    for database, table, key, value, kind in doris.run("SELECT db, tab, id, v, kind FROM a.changes"):
        count[database, table, str(key), str(value)] += 1 if kind.startswith("+") else -1
    return {row: times for row, times in count.items() if times != 0}


def prepare(mysql, doris):
    mysql.create_user()
    if mysql.name == "mysql9":
        mysql.run("GRANT BACKUP_ADMIN ON *.* TO cdc@'%'", "GRANT SELECT ON performance_schema.* TO cdc@'%'")
    for table in TABLES:
        mysql.run(f"CREATE DATABASE IF NOT EXISTS {table.split('.', maxsplit=1)[0]}",
                  f"CREATE TABLE {table} (id INT PRIMARY KEY, v BIGINT NOT NULL)",
                  f"INSERT INTO {table} VALUES " + ", ".join(f"({i}, {i})" for i in range(ROWS)))
    doris.run("CREATE DATABASE a", "CREATE TABLE a.changes (db varchar(20), tab varchar(20), id int, v bigint, "
              "kind varchar(4)) DUPLICATE KEY(db, tab, id) DISTRIBUTED BY HASH(id) BUCKETS 1 "
              "PROPERTIES ('replication_num' = '1')")


def test(kind):
    with playground(f"append-only-{kind}") as (folder, processes):
        mysql = start_mysql(kind, folder / "mysql")
        processes.append(mysql)
        doris = Minidoris(folder / "doris")
        processes.append(doris)
        doris.start()
        prepare(mysql, doris)
        seed = random.randrange(10**9)
        say(f"seed {seed}")
        writers = [Writer(mysql, table, seed + i) for i, table in enumerate(TABLES)]
        for writer in writers:
            writer.start()
        script = folder / "job.sql"
        script.write_text(SCRIPT.format(mysql=mysql.port, http=doris.http_port), encoding="utf-8")
        job = Millrace(folder / "millrace", folder / "state")
        processes.append(job)
        chance = random.Random(seed)
        for _ in range(KILLS):
            job.start(script)
            end = time.monotonic() + chance.uniform(0.1, BETWEEN_KILLS_S)
            wait_until("the next kill", lambda end=end: time.monotonic() > end, alive=job)
            job.kill()
        for writer in writers:
            writer.stopping.set()
            writer.join()
        wanted = {row: 1 for row in ((*name, value) for name, value in table_rows(mysql).items())}
        job.start(script)
        try:
            wait_until("the changes to add up to the tables", lambda: balance(doris) == wanted, 60, alive=job)
        finally:
            wrong = set(balance(doris).items()) ^ set(wanted.items())
            for row, times in sorted(wrong)[:10]:
                say(f"{row}: {times}")
        expect(job.stop() == 0, "the status of a stopped job is not 0")
        changes = doris.run("SELECT COUNT(*) FROM a.changes")[0][0]
        say(f"{len(wanted)} rows from {changes} changes")


if __name__ == "__main__":
    main(test, sys.argv[1])
