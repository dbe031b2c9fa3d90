# ctest: added_tables_mariadb, 180 s, slow: mariadb
# ctest: added_tables_mysql9, 180 s, slow: mysql9
"""'scan.newly-added-table.enabled': the patterns of a job change between two runs.

Tables that are new to them are read as in a snapshot, with what was changed meanwhile; tables that no
longer match are left alone; nothing is read twice. Without the option a changed pattern is refused.
"""

import sys

from servers import (Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until)

INTERVAL_MS = 300
ROWS = 500

SCRIPT = """
SET 'pipeline.name' = 'added';
SET 'execution.checkpointing.interval' = '{interval} ms';
CREATE TABLE orders (db STRING METADATA FROM 'database_name' VIRTUAL,
  name STRING METADATA FROM 'table_name' VIRTUAL, id BIGINT, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = '{databases}', 'table-name' = '{tables}',
  'scan.newly-added-table.enabled' = '{enabled}');
CREATE TABLE beside (id BIGINT, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'shop_1', 'table-name' = 'notes');
CREATE TABLE sink (db STRING, name STRING, id BIGINT, v STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'table.identifier' = 'd.t',
  'username' = 'root', 'password' = '', 'sink.label-prefix' = 'added');
INSERT INTO sink SELECT db, name, id, v FROM orders UNION ALL SELECT 'x', 'notes', id, v FROM beside;
"""

DORIS_TABLE = """CREATE TABLE d.t (db varchar(20), name varchar(20), id bigint, v varchar(100))
UNIQUE KEY(db, name, id) DISTRIBUTED BY HASH(id) BUCKETS 1
PROPERTIES ("replication_allocation" = "tag.location.default: 1")"""


class AddedTables:
    def __init__(self, folder, processes, kind):
        self.folder = folder
        self.processes = processes
        self.mysql = start_mysql(kind, folder / "mysql")
        processes.append(self.mysql)
        self.mysql.create_user()
        for database, tables in (("shop_1", ("a", "b", "c")), ("shop_2", ("a",))):
            self.mysql.run(f"CREATE DATABASE {database}")
            for table in tables:
                self.create(database, table)
        self.mysql.run("CREATE TABLE shop_1.notes (id BIGINT PRIMARY KEY, v VARCHAR(100))",
                       "INSERT INTO shop_1.notes VALUES (1, 'first')")
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE d", DORIS_TABLE)

    def create(self, database, table):
        rows = ", ".join(f"({i}, 'row {i}')" for i in range(1, ROWS + 1))
        self.mysql.run(f"CREATE TABLE {database}.{table} (id BIGINT PRIMARY KEY, v VARCHAR(100))",
                       f"INSERT INTO {database}.{table} VALUES {rows}")

    def start(self, databases, tables, enabled="true"):
        script = self.folder / "added.sql"
        script.write_text(SCRIPT.format(
            interval=INTERVAL_MS, mysql=self.mysql.port, http=self.doris.http_port,
            databases=databases, tables=tables, enabled=enabled), encoding="utf-8")
        millrace = Millrace(self.folder / f"run-{len(self.processes)}", self.folder / "state")
        self.processes.append(millrace)
        return millrace.start(script)

    def stop(self, job):
        status = job.stop()
        expect(status == 0, f"status {status}\n{job.log_tail()}")

    def wanted(self, *tables):
        rows = [("x", "notes", *row) for row in self.mysql.run("SELECT id, v FROM shop_1.notes")]
        for database, table in tables:
            rows += [(database, table, *row)
                     for row in self.mysql.run(f"SELECT id, v FROM {database}.{table}")]
        return sorted(rows)

    def seen(self):
        return sorted(self.doris.run("SELECT db, name, id, v FROM d.t"))

    def follows(self, job, what, *tables):
        wait_until(what, lambda: self.seen() == self.wanted(*tables), alive=job)

    def test(self):
        a, b, a2 = ("shop_1", "a"), ("shop_1", "b"), ("shop_2", "a")
        job = self.start("shop_1", "a")
        self.follows(job, "the first table", a)
        self.stop(job)
        say("one table")

        # While the job is stopped: changes of all, an ALTER of what is new.
        self.mysql.run("UPDATE shop_1.b SET v = 'before' WHERE id = 1",
                       "ALTER TABLE shop_1.b ADD COLUMN extra INT FIRST",
                       "UPDATE shop_1.a SET v = 'while stopped' WHERE id = 2",
                       "ALTER TABLE shop_2.a ADD COLUMN extra INT FIRST",
                       "DELETE FROM shop_2.a WHERE id = 3")
        job = self.start("shop_[0-9]", "a|b")
        self.follows(job, "two more tables", a, b, a2)
        expect(job.log().count("because it is new to the pattern") == 2,
               f"not two tables were added\n{job.log_tail()}")
        self.mysql.run("UPDATE shop_1.b SET v = 'changed' WHERE id = 9",
                       "INSERT INTO shop_2.a (id, v) VALUES (1001, 'inserted')",
                       "INSERT INTO shop_1.notes VALUES (2, 'second')")
        self.follows(job, "their changes", a, b, a2)
        self.stop(job)
        say("tables of the same and of another database are added, with what changed meanwhile")

        job = self.start("shop_[0-9]", "a|b")
        self.mysql.run("UPDATE shop_1.b SET v = 'once more' WHERE id = 9")
        self.follows(job, "a run with the same pattern", a, b, a2)
        expect("new to the pattern" not in job.log(), "tables were read again")
        self.stop(job)
        say("the same pattern reads nothing again")

        left = [row for row in self.seen() if row[:2] == b]
        job = self.start("shop_[0-9]", "a")
        self.mysql.run("UPDATE shop_1.b SET v = 'unseen' WHERE id = 9",
                       "UPDATE shop_1.a SET v = 'seen' WHERE id = 9")
        wait_until("a change of a", lambda: (*a, 9, "seen") in self.seen(), alive=job)
        expect([row for row in self.seen() if row[:2] == b] == left, "a removed table was written")
        self.stop(job)
        say("a table that no longer matches is left alone")

        job = self.start("shop_[0-9]", "a|b|c")
        self.follows(job, "b again, and c", a, b, a2, ("shop_1", "c"))
        job.kill()
        job = self.start("shop_[0-9]", "a|b|c")
        self.mysql.run("UPDATE shop_1.c SET v = 'after the kill' WHERE id = 7")
        self.follows(job, "a change after a kill", a, b, a2, ("shop_1", "c"))
        self.stop(job)
        say("a table that comes back is read again")

        job = self.start("shop_[0-9]", "a", enabled="false")
        status = job.wait()
        expect(status == 3 and "no longer fits its checkpoint" in job.log(),
               f"a changed pattern without the option: {status}\n{job.log_tail()}")
        job = self.start("shop_[0-9]", "a|b|c", enabled="false")
        self.mysql.run("UPDATE shop_1.c SET v = 'without' WHERE id = 7")
        self.follows(job, "a run without the option", a, b, a2, ("shop_1", "c"))
        self.stop(job)
        say("without the option the pattern must be as it was")


def added_tables(kind):
    with playground("added") as (folder, processes):
        AddedTables(folder, processes, kind).test()


if __name__ == "__main__":
    main(added_tables, sys.argv[1])
