# ctest: snapshot_load_mariadb, 120 s, slow: mariadb
# ctest: snapshot_load_mysql9, 120 s, slow: mysql9
"""How hard a snapshot works its server: limits of rows and bytes a second, a pause while it is busy, and
what of a table is read at all.

    snapshot_load.py mariadb|mysql9
"""

import re
import sys
import time

from servers import Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until

ROWS = 4000
SCRIPT = """
SET 'pipeline.name' = 'load';
SET 'parallelism.default' = '2';
SET 'execution.checkpointing.interval' = '200 ms';
CREATE TABLE s (id INT NOT NULL, v STRING, n BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'snap', 'table-name' = 't',
  'scan.incremental.snapshot.chunk.size' = '100'{more});
CREATE TABLE d (id INT, v STRING, n BIGINT) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'query-port' = '{query}',
  'table.identifier' = 'demo.snap', 'username' = 'root', 'password' = '',
  'sink.label-prefix' = 'load');
{statement};
"""
INSERT = "INSERT INTO d SELECT id, v, n FROM s"
SNAPSHOT = ("scan.startup.mode", "snapshot")


class Suite:
    def __init__(self, kind, folder, processes):
        self.kind, self.folder = kind, folder
        self.mysql = start_mysql(kind, folder / "mysql", performance_schema="ON")
        processes.append(self.mysql)
        self.mysql.create_user()
        self.mysql.run("CREATE DATABASE snap", "CREATE TABLE snap.t (id INT PRIMARY KEY, v VARCHAR(200), n BIGINT)",
                       "SET SESSION cte_max_recursion_depth = 100000" if kind == "mysql9"
                       else "SET SESSION max_recursive_iterations = 100000",
                       f"INSERT INTO snap.t WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r "
                       f"WHERE i < {ROWS}) SELECT i, REPEAT('x', 100), i FROM r", "ANALYZE TABLE snap.t")
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE demo", "CREATE TABLE demo.snap (id int NOT NULL, v varchar(200), n bigint) "
                       "UNIQUE KEY(id) DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES ('replication_num' = '1')")
        self.job = Millrace(folder / "millrace", folder / "state")
        processes.append(self.job)

    def script(self, *options, statement=INSERT):
        path = self.folder / "load.sql"
        more = "".join(f",\n  '{key}' = '{value}'" for key, value in options)
        path.write_text(SCRIPT.format(mysql=self.mysql.port, http=self.doris.http_port, more=more,
                                      query=self.doris.query_port, statement=statement), encoding="utf-8")
        return path

    def rows(self, server, table):
        return sorted(map(tuple, server.run(f"SELECT id, v, n FROM {table}")))

    def check_equal(self, what):
        expect(self.rows(self.doris, "demo.snap") == self.rows(self.mysql, "snap.t"), f"Doris differs {what}")

    def seconds(self, *options):
        self.doris.run("TRUNCATE TABLE demo.snap")
        begin = time.monotonic()
        status, out, err = self.job.once("--fresh", self.script(SNAPSHOT, *options))
        expect(status == 0, f"status {status}\n{out}{err}")
        self.check_equal(f"under {options}")
        return time.monotonic() - begin

    def limits(self):
        free = self.seconds()
        # 2 s of rows; 440 KB in 2 s.
        for option in (("scan.snapshot.max-rows-per-second", "2000"),
                       ("scan.snapshot.max-bytes-per-second", "220kb")):
            took = self.seconds(option)
            say(f"{option}: {took:.1f} s instead of {free:.1f} s")
            expect(1.8 < took < free + 6, f"{option}: {took:.1f} s instead of {free:.1f} s")

    def stop_while_waiting(self):
        """A row a second: a stop must not wait for any of them, and a checkpoint neither."""
        self.doris.run("TRUNCATE TABLE demo.snap")
        script = self.script(("scan.snapshot.max-rows-per-second", "1"))
        self.job.start("--fresh", script)
        wait_until("a checkpoint in the snapshot",
                   lambda: re.search(r"checkpoint \d+ complete .* snapshot, 0/1 tables", self.job.log()),
                   alive=self.job)
        begin = time.monotonic()
        expect(self.job.stop() == 0, "the status of a stopped job is not 0")
        took = time.monotonic() - begin
        expect(took < 3, f"a slow snapshot took {took:.1f} s to stop")
        # Without the limit the same job goes on from there.
        self.job.start(self.script())
        wait_until("the rest", lambda: "the snapshot is complete" in self.job.log(), alive=self.job)
        wait_until("Doris to be equal", lambda: self.rows(self.doris, "demo.snap") ==
                   self.rows(self.mysql, "snap.t"), alive=self.job)
        expect(self.job.stop() == 0, "the status of a stopped job is not 0")

    def pause(self):
        """Paused from the beginning; changes go on; one line in the log; then the snapshot goes on."""
        self.doris.run("TRUNCATE TABLE demo.snap")
        held = [self.mysql.connect() for _ in range(8)]
        before = len(self.job.log())

        def log():
            return self.job.log()[before:]

        self.job.start("--fresh", self.script(("scan.snapshot.pause-when",
                                               "Threads_connected>9, replica_lag>10s")))
        wait_until("the pause", lambda: "the snapshot pauses while threads_connected > 9" in log(), alive=self.job)
        self.mysql.run("UPDATE snap.t SET v = 'changed' WHERE id = 1")
        wait_until("a change to come through",
                   lambda: self.doris.run("SELECT v FROM demo.snap WHERE id = 1") == [("changed",)], alive=self.job)
        count = log().count("complete in")
        wait_until("more checkpoints", lambda: self.mysql.run("UPDATE snap.t SET n = n + 1 WHERE id = 2") == []
                   and log().count("complete in") > count + 5, alive=self.job)
        expect(log().count("the snapshot pauses") == 1, f"the pause was not said once\n{self.job.log_tail()}")
        seen = self.doris.run("SELECT count(*) FROM demo.snap")[0][0]
        expect(seen == 2, f"{seen} rows came while the snapshot paused")
        for connection in held:
            connection.close()
        wait_until("the end of the pause", lambda: "the snapshot goes on" in log(), alive=self.job)
        wait_until("Doris to be equal", lambda: self.rows(self.doris, "demo.snap") ==
                   self.rows(self.mysql, "snap.t"), alive=self.job)
        expect(self.job.stop() == 0, "the status of a stopped job is not 0")

    def lag_is_not_shown(self):
        """On MariaDB a right of its own is needed; the error names it."""
        if self.kind != "mariadb":
            return
        status, out, err = self.job.once("--fresh", self.script(("scan.snapshot.pause-when", "replica_lag > 10 s")))
        expect(status == 3 and "GRANT SLAVE MONITOR ON *.* TO cdc" in err,
               f"replica_lag without the right: status {status}\n{out}{err}")
        self.mysql.run("GRANT SLAVE MONITOR ON *.* TO cdc@'%'")

    def place_of_the_lag(self):
        """Where in a row of the server's answer the lag stands, which is all that we know of it."""
        connection = self.mysql.connect()
        with connection.cursor() as cursor:
            cursor.execute("SHOW SLAVE STATUS" if self.kind == "mariadb" else "SHOW REPLICA STATUS")
            names = [column[0] for column in cursor.description or ()]
        connection.close()
        expect(names[32].startswith("Seconds_Behind_"), f"the lag is at another place: {names}")

    def stop_in_pause(self):
        before = len(self.job.log())
        self.job.start("--fresh", self.script(("scan.snapshot.pause-when", "uptime >= 0")))
        wait_until("the pause", lambda: "the snapshot pauses" in self.job.log()[before:], alive=self.job)
        begin = time.monotonic()
        expect(self.job.stop() == 0, "the status of a stopped job is not 0")
        expect(time.monotonic() - begin < 3, "a paused snapshot took long to stop")

    def unknown_variable(self):
        status, out, err = self.job.once("--fresh", self.script(("scan.snapshot.pause-when", "treads_running > 5")))
        expect(status == 3 and "treads_running" in err and "no status variable" in err,
               f"a variable that is not there: status {status}\n{out}{err}")

    def limit(self):
        """LIMIT is part of the query of the snapshot."""
        self.mysql.run("SET GLOBAL general_log = ON", "SET GLOBAL log_output = 'TABLE'",
                       "TRUNCATE TABLE mysql.general_log")
        status, out, err = self.job.once(self.script(statement="SELECT id, v FROM s LIMIT 3"))
        expect(status == 0 and "3 rows" in out, f"status {status}\n{out}{err}")
        asked = [str(row[0]) for row in self.mysql.run(
            "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log")]
        expect(any("FROM `snap`.`t`" in text and text.endswith(" LIMIT 3") for text in asked),
               f"no query has the LIMIT: {[text for text in asked if '`snap`' in text]}")

    def go(self):
        self.limits()
        self.stop_while_waiting()
        self.lag_is_not_shown()
        self.place_of_the_lag()
        self.pause()
        self.stop_in_pause()
        self.unknown_variable()
        self.limit()


def test(kind):
    with playground(f"load-{kind}") as (folder, processes):
        Suite(kind, folder, processes).go()


if __name__ == "__main__":
    main(test, sys.argv[1])
