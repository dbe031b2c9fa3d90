# ctest: start_modes_mariadb, 180 s, slow: mariadb
# ctest: start_modes_mysql9, 180 s, slow: mysql9
"""Where a job without a checkpoint begins: every value of 'scan.startup.mode'.

    start_modes.py mariadb|mysql9

Rows 1 to 6 are inserted in a second each, over several binlog files. A job that begins at the time of one has it and
all later ones, transactions as a whole. The rows of Doris are those of the log from there on.
"""

import sys

from servers import Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until

SCRIPT = """
SET 'execution.checkpointing.interval' = '200 ms';
CREATE TABLE s (id INT NOT NULL, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'm', 'table-name' = 't', {start});
CREATE TABLE d (id INT, v STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'table.identifier' = 'm.{name}',
  'username' = 'root', 'password' = '', 'sink.label-prefix' = '{name}');
INSERT INTO d SELECT id, v FROM s;
"""
ROWS = range(1, 7)
OVER_TWO_SECONDS = (7, 8)
ALL = [*ROWS, *OVER_TWO_SECONDS]
LAST = 9  # inserted while a job runs


class Modes:
    def __init__(self, kind, folder, processes):
        self.kind, self.folder, self.processes = kind, folder, processes
        gtids = {"gtid_mode": "ON", "enforce_gtid_consistency": "ON"} if kind == "mysql9" else {}
        self.mysql = start_mysql(kind, folder / "mysql", **gtids)
        processes.append(self.mysql)
        self.mysql.create_user()
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE m")
        self.jobs = 0
        self.seconds, self.positions = {}, {}

    def now(self):
        return self.mysql.run("SELECT UNIX_TIMESTAMP()")[0][0]

    def next_second(self):
        before = self.now()
        wait_until("the next second", lambda: self.now() > before)

    def status(self):
        return self.mysql.run(self.mysql.position_statement)[0]

    def make_past(self):
        self.mysql.run("CREATE DATABASE m", "CREATE TABLE m.t (id INT PRIMARY KEY, v VARCHAR(20))")
        for row in ROWS:
            self.next_second()
            self.positions[row] = self.status()
            self.seconds[row] = self.now()
            self.mysql.run(f"SET timestamp = {self.seconds[row]}", f"INSERT INTO m.t VALUES ({row}, 'in {row}')")
            if row % 2 == 0:
                self.mysql.run("FLUSH BINARY LOGS")
        self.next_second()
        first, second = OVER_TWO_SECONDS
        for row in OVER_TWO_SECONDS:
            self.seconds[row] = self.now() + row - first
        wait_until("both seconds to pass", lambda: self.now() > self.seconds[second])
        self.mysql.run("BEGIN", f"SET timestamp = {self.seconds[first]}", f"INSERT INTO m.t VALUES ({first}, 'in 7')",
                       f"SET timestamp = {self.seconds[second]}", f"INSERT INTO m.t VALUES ({second}, 'in 8')", "COMMIT")

    def start(self, options):
        self.jobs += 1
        name = f"d{self.jobs}"
        self.doris.run(f"CREATE TABLE m.{name} (id int, v string) UNIQUE KEY(id) DISTRIBUTED BY HASH(id) BUCKETS 1 "
                       "PROPERTIES ('replication_num' = '1')")
        script = self.folder / f"{name}.sql"
        start = ", ".join(f"'{key}' = '{value}'" for key, value in options.items())
        script.write_text(SCRIPT.format(name=name, mysql=self.mysql.port, http=self.doris.http_port, start=start),
                          encoding="utf-8")
        job = Millrace(self.folder / name, self.folder / f"state-{name}")
        self.processes.append(job)
        job.start(script)
        return job, script, lambda: sorted(row[0] for row in self.doris.run(f"SELECT id FROM m.{name}"))

    def reads(self, options, expected, log=""):
        """Whether a job begins with the first of the rows expected, and goes on with what is new."""
        job, script, rows = self.start(options)
        if expected:
            wait_until(f"rows {expected} with {options}", lambda: rows() == expected, 30, alive=job)
        else:
            wait_until(f"a job with {options}", lambda: "reading from binlog" in job.log(), 30, alive=job)
        self.mysql.run(f"INSERT INTO m.t VALUES ({LAST}, 'later')")
        wait_until("the new row", lambda: rows() == [*expected, LAST], 30, alive=job)
        expect(job.stop() == 0, f"{options}: status {job.status()}")
        expect(log in job.log(), f"{options}: not in the log: {log}\n{job.log_tail()}")
        self.mysql.run(f"DELETE FROM m.t WHERE id = {LAST}")
        job.start(script)  # from its checkpoint, not from there again
        wait_until("the deletion", lambda: rows() == expected, 30, alive=job)
        expect(job.stop() == 0, f"{options}: status {job.status()}")
        say(f"{options}: rows {expected}")

    def by_time(self, second, expected, log=""):
        self.reads({"scan.startup.mode": "timestamp", "scan.startup.timestamp-millis": second * 1000 + 500},
                   expected, log)

    def refuses(self, options, words):
        job, _, rows = self.start(options)
        wait_until("the job to end", lambda: not job.running(), 30)
        expect(job.status() == 3 and words in job.log(), f"{options}: status {job.status()}\n{job.log_tail()}")
        expect(rows() == [], f"{options}: rows {rows()}")
        say(f"{options}: {words}")

    def specific(self, row):
        file, offset = self.positions[row][:2]
        mode = {"scan.startup.mode": "specific-offset"}
        expected = [other for other in ALL if other >= row]
        self.reads({**mode, "scan.startup.specific-offset.file": file, "scan.startup.specific-offset.pos": offset},
                   expected)
        if self.kind == "mysql9":
            self.reads({**mode, "scan.startup.specific-offset.gtid-set": self.positions[row][4].replace("\n", "")},
                       expected)

    def run(self):
        self.make_past()
        for row in (1, 3, 4, 6):
            self.by_time(self.seconds[row], [other for other in ALL if other >= row])
        self.by_time(self.seconds[OVER_TWO_SECONDS[1]], list(OVER_TWO_SECONDS))
        self.by_time(self.now(), [])
        self.refuses({"scan.startup.mode": "timestamp", "scan.startup.timestamp-millis": (self.now() + 3600) * 1000},
                     "write a time that has passed")
        self.specific(4)
        self.reads({"scan.startup.mode": "earliest-offset"}, ALL)
        self.reads({"scan.startup.mode": "latest-offset"}, [])
        self.reads({"scan.startup.mode": "initial"}, ALL)
        job, _, rows = self.start({"scan.startup.mode": "snapshot"})
        expect(job.wait(30) == 0 and rows() == ALL, f"snapshot: status {job.status()}, rows {rows()}")
        self.mysql.run(f"PURGE BINARY LOGS TO '{self.positions[5][0]}'")
        self.by_time(self.seconds[1], [5, 6, *OVER_TWO_SECONDS], "changes in between are missed")


def test(kind):
    with playground(f"start-modes-{kind}") as (folder, processes):
        Modes(kind, folder, processes).run()


if __name__ == "__main__":
    main(test, sys.argv[1])
