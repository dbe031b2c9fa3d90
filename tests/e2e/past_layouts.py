# ctest: past_layouts_mariadb, 120 s, slow: mariadb
# ctest: past_layouts_mysql9, 120 s, slow: mysql9
"""A job without a checkpoint starts in the past of the binlog, where its tables looked otherwise.

    past_layouts.py mariadb|mysql9

What the log says decides: the CREATE TABLE, if the start is before it; full metadata; else the job stops at the
first row whose columns nobody knows any more, and names the statement that changed them.
"""

import sys

from servers import Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until

SCRIPT = """
SET 'execution.checkpointing.interval' = '200 ms';
CREATE TABLE s (id INT NOT NULL, a STRING, b STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = '{name}', 'table-name' = 't', {start});
CREATE TABLE d (id INT, a STRING, b STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'table.identifier' = '{name}.d',
  'username' = 'root', 'password' = '', 'sink.label-prefix' = '{name}');
INSERT INTO d SELECT id, a, b FROM s;
"""
ROWS = [("1", "a1", "b1"), ("2", "a2", "b2"), ("3", "a3", "b3")]


class Past:
    def __init__(self, folder, processes, kind):
        self.folder, self.processes = folder, processes
        self.mysql = start_mysql(kind, folder / "mysql")
        processes.append(self.mysql)
        self.mysql.create_user()
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.least = "NO_LOG" if kind == "mariadb" else "MINIMAL"

    def run(self, name, metadata, with_create):
        """Makes the past and starts a job in it; returns the job and a function for the rows in Doris."""
        here = self.mysql.run(f"SET GLOBAL binlog_row_metadata = '{metadata}'", f"CREATE DATABASE {name}",
                              self.mysql.position_statement)[0]
        self.mysql.run(f"USE {name}", "CREATE TABLE t (id INT PRIMARY KEY, x VARCHAR(9), a VARCHAR(9), b VARCHAR(9))")
        if not with_create:
            here = self.mysql.run(self.mysql.position_statement)[0]
        self.mysql.run(f"USE {name}", "INSERT INTO t VALUES (1, 'x1', 'a1', 'b1')",
                       "ALTER TABLE t MODIFY b VARCHAR(9) AFTER id", "INSERT INTO t VALUES (2, 'b2', 'x2', 'a2')",
                       "ALTER TABLE t DROP x", "INSERT INTO t VALUES (3, 'b3', 'a3')")
        self.doris.run(f"CREATE DATABASE {name}", f"CREATE TABLE {name}.d (id int, a string, b string) "
                       "UNIQUE KEY(id) DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES ('replication_num' = '1')")
        script = self.folder / f"{name}.sql"
        start = (f"'scan.startup.mode' = 'specific-offset', 'scan.startup.specific-offset.file' = '{here[0]}', "
                 f"'scan.startup.specific-offset.pos' = '{here[1]}'")
        script.write_text(SCRIPT.format(name=name, mysql=self.mysql.port, http=self.doris.http_port, start=start),
                          encoding="utf-8")
        job = Millrace(self.folder / name, self.folder / f"state-{name}")
        self.processes.append(job)
        job.start(script)
        return job, lambda: sorted(tuple(map(str, row)) for row in self.doris.run(f"SELECT id, a, b FROM {name}.d"))

    def reads(self, name, metadata, with_create):
        job, rows = self.run(name, metadata, with_create)
        wait_until(f"the rows of {name}", lambda: rows() == ROWS, 30, alive=job)
        expect(job.stop() == 0, f"{name}: status {job.status()}")
        say(f"{name}: {metadata}, {'with' if with_create else 'without'} the CREATE TABLE")

    def stops(self, name):
        job, rows = self.run(name, self.least, with_create=False)
        expect(job.wait() == 3, f"{name}: status {job.status()}\n{job.log_tail()}")
        for words in (f"{name}.t", "is not known", "binlog_row_metadata = 'FULL'"):
            expect(words in job.log_tail(3), f"{name}: not in the message: {words}\n{job.log_tail()}")
        expect(rows() == [], f"{name}: rows in Doris")
        say(f"{name}: stopped by name")


def test(kind):
    with playground(f"past-{kind}") as (folder, processes):
        past = Past(folder, processes, kind)
        past.reads("created", past.least, with_create=True)
        past.reads("full", "FULL", with_create=False)
        past.stops("unknown")


if __name__ == "__main__":
    main(test, sys.argv[1])
