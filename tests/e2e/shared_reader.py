# ctest: shared_reader_mariadb, 300 s, slow: mariadb
# ctest: shared_reader_mysql9, 300 s, slow: mysql9
"""Several tables of one MySQL server in one job: one reader, one position in the binlog.

Every transaction moves an amount from a row of one table to a row of another, so that the sum over
both is the same after each of them. Doris must never show another sum: in one target at no moment,
in two at none at which no commit is pending. The job is killed again and again meanwhile.
"""

import json
import random
import sys
import threading

import pymysql

from servers import (Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until)

INTERVAL_MS = 200
ROWS = 20  # of each table
AMOUNT = 1000
TOTAL = 2 * ROWS * AMOUNT
KILLS = 4
COMMITS_BETWEEN_KILLS = 4
SEED = 11

DORIS_TABLE = """CREATE TABLE d.{name} (id bigint NOT NULL, origin varchar(10) NOT NULL, amount bigint)
UNIQUE KEY(id, origin) DISTRIBUTED BY HASH(id) BUCKETS 1
PROPERTIES ("replication_allocation" = "tag.location.default: 1")"""

TABLES = """
SET 'pipeline.name' = '{job}';
SET 'execution.checkpointing.interval' = '{interval} ms';
SET 'parallelism.default' = '{parallelism}';
CREATE TABLE a (id BIGINT, amount BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'server-id' = '5401', 'database-name' = 'bank', 'table-name' = 'a');
CREATE TABLE b WITH ('server-id' = '5402', 'table-name' = 'b') LIKE a (OVERWRITING OPTIONS);
CREATE TABLE a_again WITH ('server-id' = '5403') LIKE a (OVERWRITING OPTIONS);
CREATE TABLE b_new WITH ('scan.startup.mode' = 'latest-offset', 'server-id' = '5404') LIKE b (
  OVERWRITING OPTIONS);
CREATE TABLE sink (id BIGINT, origin STRING, amount BIGINT) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'table.identifier' = 'd.one',
  'username' = 'root', 'password' = '', 'sink.label-prefix' = '{job}');
CREATE TABLE sink_a WITH ('table.identifier' = 'd.of_a', 'sink.label-prefix' = '{job}_a') LIKE sink (
  OVERWRITING OPTIONS);
CREATE TABLE sink_b WITH ('table.identifier' = 'd.of_b', 'sink.label-prefix' = '{job}_b') LIKE sink (
  OVERWRITING OPTIONS);
"""

ONE = "INSERT INTO sink SELECT id, 'a', amount FROM a UNION ALL SELECT id, 'b', amount FROM b;"
TWO = """EXECUTE STATEMENT SET BEGIN
INSERT INTO sink_a SELECT id, 'a', amount FROM a;
INSERT INTO sink_b SELECT id, 'b', amount FROM b;
END;"""
THREE = ONE.replace(";", " UNION ALL SELECT id, 'a again', -amount FROM a_again;")
OF_ITS_OWN = "INSERT INTO sink SELECT id, 'a', amount FROM a UNION ALL SELECT id, 'b', amount FROM b_new;"


class Transfers(threading.Thread):
    """Transactions over both tables; some are rolled back, some are large."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.over = threading.Event()
        self.done = 0

    def run(self):
        chance = random.Random(SEED)
        connection = self.server.connect(database="bank")
        connection.autocommit(False)
        with connection.cursor() as cursor:
            while not self.over.is_set():
                for _ in range(chance.choice([1, 1, 1, 30])):
                    amount = chance.randint(1, 50)
                    steps = [("a", -amount), ("b", amount)]
                    chance.shuffle(steps)
                    for table, change in steps:
                        cursor.execute(f"UPDATE {table} SET amount = amount + {change} "
                                       f"WHERE id = {chance.randint(1, ROWS)}")
                if chance.random() < 0.1:
                    connection.rollback()
                else:
                    connection.commit()
                self.done += 1
        connection.close()

    def end(self):
        self.over.set()
        self.join()


class SharedReader:
    def __init__(self, folder, processes, kind):
        self.folder = folder
        self.processes = processes
        gtids = {"gtid_mode": "ON", "enforce_gtid_consistency": "ON"} if kind == "mysql9" else {}
        self.mysql = start_mysql(kind, folder / "mysql", **gtids)
        processes.append(self.mysql)
        self.mysql.create_user()
        self.mysql.run("CREATE DATABASE bank")
        for name in ("a", "b"):
            rows = ", ".join(f"({i}, {AMOUNT})" for i in range(1, ROWS + 1))
            self.mysql.run(f"CREATE TABLE bank.{name} (id BIGINT PRIMARY KEY, amount BIGINT)",
                           f"INSERT INTO bank.{name} VALUES {rows}")
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE d", *[DORIS_TABLE.format(name=name)
                                              for name in ("one", "of_a", "of_b")])

    def begin(self, job, insert, parallelism=1):
        for name in ("one", "of_a", "of_b"):
            self.doris.run(f"TRUNCATE TABLE d.{name}")
        self.job = job
        self.script = self.folder / f"{job}.sql"
        tables = TABLES.format(job=job, interval=INTERVAL_MS, mysql=self.mysql.port,
                               http=self.doris.http_port, parallelism=parallelism)
        self.script.write_text(tables + insert, encoding="utf-8")
        return self.start()

    def start(self):
        millrace = Millrace(self.folder / f"{self.job}-{len(self.processes)}", self.folder / "state")
        self.processes.append(millrace)
        return millrace.start(self.script)

    def stop(self, millrace):
        status = millrace.stop()
        expect(status == 0, f"status {status} after SIGTERM\n{millrace.log_tail()}")

    def number(self, millrace):
        checkpoints = millrace.checkpoints(self.job)
        return checkpoints[-1][0] if checkpoints else 0

    def dumps(self):
        return self.mysql.run("SELECT COUNT(*) FROM information_schema.PROCESSLIST "
                              "WHERE COMMAND LIKE 'Binlog Dump%'")[0][0]

    def positions(self, millrace):
        state = json.loads(millrace.checkpoints(self.job)[-1][1].read_text())
        return [source["position"] for source in state["sources"]]

    def rows(self, table="one"):
        return sorted(self.doris.run(f"SELECT id, origin, amount FROM d.{table}"))

    def wanted(self, *tables):
        return sorted((row[0], name, row[1]) for name in tables
                      for row in self.mysql.run(f"SELECT id, amount FROM bank.{name}"))

    def kill_again_and_again(self, job):
        for _ in range(KILLS):
            number = self.number(job)
            wait_until("some checkpoints", lambda n=number, j=job:
                       self.number(j) >= n + COMMITS_BETWEEN_KILLS, alive=job)
            job.kill()
            job = self.start()
        number = self.number(job)
        wait_until("a checkpoint", lambda: self.number(job) > number, alive=job)
        return job

    # --- what must hold -----------------------------------------------------------------------------
    def one_target(self):
        job = self.begin("one", ONE)
        transfers = Transfers(self.mysql)
        sums, over = set(), threading.Event()

        def watch():
            while not over.is_set():
                try:
                    rows = self.rows()
                except pymysql.MySQLError:
                    continue
                sums.add((len(rows), sum(row[2] for row in rows)))

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        wait_until("the snapshot", lambda: len(self.rows()) == 2 * ROWS, alive=job)
        expect(self.dumps() == 1, f"{self.dumps()} binlog connections, not one")
        transfers.start()
        job = self.kill_again_and_again(job)
        transfers.end()
        wait_until("the last transfer", lambda: self.rows() == self.wanted("a", "b"), alive=job)
        over.set()
        watcher.join()
        self.stop(job)
        expect(sums <= {(0, 0), (2 * ROWS, TOTAL)}, f"Doris showed the sums {sorted(sums)}")
        logs = [(p["file"], p["offset"]) for p in self.positions(job)]
        expect(len(set(logs)) == 1, f"two positions in one log: {logs}")
        say(f"{transfers.done} transactions over two tables, {KILLS} kills: one sum, {TOTAL}")

    def two_targets(self):
        job = self.begin("two", TWO)
        wait_until("both", lambda: len(self.rows("of_a") + self.rows("of_b")) == 2 * ROWS, alive=job)
        transfers = Transfers(self.mysql)
        transfers.start()
        looks = 0
        for _ in range(KILLS):
            job = self.kill_again_and_again(job)
            self.stop(job)  # no commit is pending
            amounts = sum(row[2] for row in self.rows("of_a") + self.rows("of_b"))
            expect(amounts == TOTAL, f"the sum over two targets at a checkpoint is {amounts}")
            looks += 1
            job = self.start()
        transfers.end()
        for name in ("a", "b"):
            wait_until(f"the rest of {name}", lambda n=name: self.rows(f"of_{n}") == self.wanted(n),
                       alive=job)
        self.stop(job)
        say(f"two targets: {looks} checkpoints with the same sum")

    def one_table_twice(self):
        job = self.begin("twice", THREE, parallelism=2)
        transfers = Transfers(self.mysql)
        transfers.start()
        job = self.kill_again_and_again(job)
        transfers.end()

        def arrived():
            again = sorted((row[0], "a again", -row[2]) for row in self.wanted("a"))
            return self.rows() == sorted(self.wanted("a", "b") + again)

        wait_until("all three", arrived, alive=job)
        expect(self.dumps() == 1, f"{self.dumps()} binlog connections, not one")
        self.stop(job)
        say("two declarations of one MySQL table, read by one reader")

    def another_start(self):
        job = self.begin("apart", OF_ITS_OWN)
        wait_until("two readers", lambda: self.dumps() == 2, alive=job)
        before = self.wanted("a")
        wait_until("the snapshot of a", lambda: self.rows() == before, alive=job)
        self.mysql.run("UPDATE bank.a SET amount = amount - 1 WHERE id = 1",
                       "UPDATE bank.b SET amount = amount + 1 WHERE id = 1")
        wait_until("the change of b alone",
                   lambda: [row[0] for row in self.rows() if row[1] == "b"] == [1], alive=job)
        self.stop(job)
        status, out, err = job.once("-c", TABLES.format(
            job="explain", interval=INTERVAL_MS, mysql=self.mysql.port, http=self.doris.http_port,
            parallelism=1) + "EXPLAIN " + THREE.replace("a_again", "b_new"))
        expect(status == 0 and "one reader, at one position: default_catalog.default_database.a, "
               "default_catalog.default_database.b\n" in out and
               "a reader of its own: default_catalog.default_database.b_new\n" in out,
               f"EXPLAIN does not say who reads what\n{out}{err}")
        say("another start mode has a reader of its own")

    def positions_apart(self):
        """As a release before this one left them: each table had a reader of its own."""
        job = self.begin("before", ONE)
        wait_until("the snapshot", lambda: self.rows() == self.wanted("a", "b"), alive=job)
        self.stop(job)
        early = self.positions(job)
        self.mysql.run("UPDATE bank.a SET amount = amount - 1 WHERE id = 2",
                       "UPDATE bank.b SET amount = amount + 1 WHERE id = 2")
        self.mysql.run("ALTER TABLE bank.a ADD COLUMN note INT FIRST")
        self.mysql.run("ALTER TABLE bank.b ADD COLUMN note INT FIRST")
        job = self.start()
        wait_until("the change", lambda: self.rows() == self.wanted("a", "b"), alive=job)
        self.stop(job)
        path = job.checkpoints(self.job)[-1][1]
        state = json.loads(path.read_text())
        state["sources"][0]["position"] = early[0]  # a has not seen its change, b has
        path.write_text(json.dumps(state))
        self.doris.run("TRUNCATE TABLE d.one")
        self.mysql.run("UPDATE bank.b SET amount = amount + 1 WHERE id = 3",
                       "UPDATE bank.a SET amount = amount - 1 WHERE id = 3")
        job = self.start()
        wait_until("what each has not read",
                   lambda: [(r[0], r[1]) for r in self.rows()] == [(2, "a"), (3, "a"), (3, "b")],
                   alive=job)
        expect(set(self.rows()) <= set(self.wanted("a", "b")), f"wrong amounts: {self.rows()}")
        self.stop(job)
        logs = [(p["file"], p["offset"]) for p in self.positions(job)]
        expect(len(set(logs)) == 1, f"the positions did not meet: {logs}")
        say("positions of their own meet in one")


def shared_reader(kind):
    with playground("shared") as (folder, processes):
        test = SharedReader(folder, processes, kind)
        test.one_target()
        test.two_targets()
        test.one_table_twice()
        test.another_start()
        test.positions_apart()


if __name__ == "__main__":
    main(shared_reader, sys.argv[1])
