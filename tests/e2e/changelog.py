# ctest: changelog_mariadb, 120 s, slow: mariadb
# ctest: changelog_mysql9, 120 s, slow: mysql9
"""A target that keeps no key gets every change exactly once: the changelog that `print` shows, applied strictly,
is the table.

    changelog.py mariadb|mysql9

Writers change four shards while the snapshot begins. A +I of a row that is there, or a -D or -U of one that is
not there or looks different, is a change given twice, or early, or never.
"""

import random
import sys
import threading
import time

from servers import Millrace, expect, main, playground, say, start_mysql, wait_until

TABLES = [f"log_{i}.t{j}" for i in (1, 2) for j in (1, 2)]
ROWS = 3000
RUN_S = 4


class Writer(threading.Thread):
    def __init__(self, server, table, seed):
        super().__init__(daemon=True)
        self.connection = server.connect()
        self.table = table
        self.random = random.Random(seed)
        self.stopping = threading.Event()

    def run(self):
        with self.connection.cursor() as cursor:
            while not self.stopping.is_set():
                key = self.random.randrange(ROWS + 500)
                what = self.random.random()
                if what < 0.4:
                    cursor.execute(f"REPLACE INTO {self.table} VALUES ({key}, {self.random.randrange(10**6)})")
                elif what < 0.7:
                    cursor.execute(f"UPDATE {self.table} SET v = v + 1 WHERE id = {key}")
                else:
                    cursor.execute(f"DELETE FROM {self.table} WHERE id = {key}")
                self.connection.commit()


def replay(text):
    """The table that a changelog gives; what cannot be applied is an error."""
    rows, wrong = {}, []
    for line in text.splitlines():
        if line[:3] not in ("+I[", "-U[", "+U[", "-D["):
            continue
        database, table, key, value = line[3:-1].split(", ")
        name = (database, table, key)
        if line[1] == "I" or line.startswith("+U"):
            if name in rows:
                wrong.append(f"{line}: is there already as {rows[name]}")
            rows[name] = value
        else:
            if rows.pop(name, None) != value:
                wrong.append(f"{line}: is not there")
    return rows, wrong


def table_rows(server):
    rows = {}
    for table in TABLES:
        for key, value in server.run(f"SELECT id, v FROM {table}"):
            rows[(*table.split("."), str(key))] = str(value)
    return rows


def test(kind):
    with playground(f"changelog-{kind}") as (folder, processes):
        mysql = start_mysql(kind, folder / "mysql")
        processes.append(mysql)
        mysql.create_user()
        if kind == "mysql9":
            mysql.run("GRANT BACKUP_ADMIN ON *.* TO cdc@'%'",
                      "GRANT SELECT ON performance_schema.* TO cdc@'%'")
        for table in TABLES:
            mysql.run(f"CREATE DATABASE IF NOT EXISTS {table.split('.', maxsplit=1)[0]}",
                      f"CREATE TABLE {table} (id INT PRIMARY KEY, v BIGINT NOT NULL)",
                      f"INSERT INTO {table} VALUES " + ", ".join(f"({i}, {i})" for i in range(ROWS)))
        seed = random.randrange(10**9)
        say(f"seed {seed}")
        writers = [Writer(mysql, table, seed + i) for i, table in enumerate(TABLES)]
        for writer in writers:
            writer.start()
        script = folder / "print.sql"
        script.write_text(f"""
SET execution.checkpointing.interval = 200ms;
CREATE TABLE s (database_name STRING METADATA VIRTUAL, table_name STRING METADATA VIRTUAL, id INT NOT NULL, v BIGINT,
  PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql.port}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'log_[0-9]', 'table-name' = 't[0-9]');
CREATE TABLE p (database_name STRING, table_name STRING, id INT, v BIGINT) WITH ('connector' = 'print');
INSERT INTO p SELECT database_name, table_name, id, v FROM s;
""", encoding="utf-8")
        job = Millrace(folder / "millrace", folder / "state")
        processes.append(job)
        job.start(script)
        deadline = time.monotonic() + RUN_S
        wait_until("changes", lambda: time.monotonic() > deadline, alive=job)
        for writer in writers:
            writer.stopping.set()
            writer.join()
        wanted = table_rows(mysql)
        wait_until("the printed changelog to be equal", lambda: replay(job.log())[0] == wanted, alive=job)
        rows, wrong = replay(job.log())
        expect(not wrong, f"{len(wrong)} changes cannot be applied:\n" + "\n".join(wrong[:10]))
        expect(job.stop() == 0, "the status of a stopped job is not 0")
        say(f"{len(rows)} rows from a changelog of {job.log().count('[log_')} changes")


if __name__ == "__main__":
    main(test, sys.argv[1])
