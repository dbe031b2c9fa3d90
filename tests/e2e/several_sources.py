# ctest: several_sources, 300 s, slow
"""Several sources in one job: what one of them does must not harm the others.

Two MySQL servers, one job that brings a table of each into one Doris table.
"""

import json
import re
import time

from servers import MariaDb, Millrace, Minidoris, expect, main, playground, say, wait_until

INTERVAL_MS = 300
ROWS_BIG = 80_000
CHUNK_ROWS = 2  # which makes the snapshot of the big table last
LATENCY_MAX_S = 10  # far more than the interval

PROGRESS = re.compile(r"([0-9,]+) of about [0-9,]+ rows read")

DORIS_TABLE = """CREATE TABLE d.t (id bigint NOT NULL, origin varchar(10) NOT NULL, v varchar(100))
UNIQUE KEY(id, origin) DISTRIBUTED BY HASH(id) BUCKETS 1
PROPERTIES ("replication_allocation" = "tag.location.default: 1")"""

TABLES = """
SET 'pipeline.name' = '{job}';
SET 'execution.checkpointing.interval' = '{interval} ms';
CREATE TABLE a (id BIGINT, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{a}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'd', 'table-name' = 't',
  'scan.incremental.snapshot.chunk.size' = '{chunk}');
CREATE TABLE b WITH ('port' = '{b}') LIKE a (OVERWRITING OPTIONS);
CREATE TABLE a_now WITH ('scan.startup.mode' = 'snapshot') LIKE a;
CREATE TABLE b_now WITH ('scan.startup.mode' = 'snapshot') LIKE b;
CREATE TABLE made (id BIGINT) WITH (
  'connector' = 'datagen', 'number-of-rows' = '20', 'rows-per-second' = '40',
  'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '20');
CREATE TABLE sink (id BIGINT, origin STRING, v STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'table.identifier' = 'd.t',
  'username' = 'root', 'password' = '', 'sink.label-prefix' = 'several');
"""

BOTH = "SELECT id, 'a', v FROM a UNION ALL SELECT id, 'b', v FROM b"


class SeveralSources:
    def __init__(self, folder, processes):
        self.folder = folder
        self.processes = processes
        self.servers = {}
        for name in ("a", "b"):
            server = MariaDb(folder / name)
            processes.append(server)
            self.servers[name] = server.start()
            server.create_user()
            server.run("SET GLOBAL max_recursive_iterations = 1000000", "CREATE DATABASE d",
                       "CREATE TABLE d.t (id BIGINT PRIMARY KEY, v VARCHAR(100))",
                       "INSERT INTO d.t VALUES (1, 'one'), (2, 'two')")
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE d", DORIS_TABLE)
        self.next_id = 1000

    def text(self, job):
        return TABLES.format(job=job, interval=INTERVAL_MS, chunk=CHUNK_ROWS, http=self.doris.http_port,
                             a=self.servers["a"].port, b=self.servers["b"].port)

    def begin(self, job, query):
        """An empty Doris table and a process that fills it."""
        self.doris.run("TRUNCATE TABLE d.t")
        self.job = job
        self.script = self.folder / f"{job}.sql"
        self.script.write_text(f"{self.text(job)}INSERT INTO sink {query};", encoding="utf-8")
        return self.start()

    def start(self):
        millrace = Millrace(self.folder / f"{self.job}-{len(self.processes)}", self.folder / "state")
        self.processes.append(millrace)
        return millrace.start(self.script)

    def stop(self, millrace):
        status = millrace.stop()
        expect(status == 0, f"status {status} after SIGTERM\n{millrace.log_tail()}")
        left = self.doris.run("SHOW TRANSACTION FROM d WHERE STATUS = 'PRECOMMITTED'")
        expect(not left, f"prepared transactions are left: {left}")

    def change(self, name):
        self.next_id += 1
        self.servers[name].run(f"INSERT INTO d.t VALUES ({self.next_id}, 'new')",
                               f"UPDATE d.t SET v = 'changed {self.next_id}' WHERE id = 1")

    def rows(self, *names):
        return sorted((row[0], name, row[1]) for name in names
                      for row in self.servers[name].run("SELECT id, v FROM d.t"))

    def seen(self):
        return sorted(self.doris.run("SELECT id, origin, v FROM d.t"))

    def follows(self, millrace, what, wanted):
        wait_until(what, lambda: self.seen() == wanted(), alive=millrace)

    def rows_read(self, millrace):
        """By the snapshot of a, in the newest checkpoint."""
        state = json.loads(millrace.checkpoints(self.job)[-1][1].read_text())
        return state["sources"][0]["position"]["rows_read"]

    def phases(self, millrace):
        """Of the sources in the newest checkpoint."""
        checkpoints = millrace.checkpoints(self.job)
        if not checkpoints:
            return []
        state = json.loads(checkpoints[-1][1].read_text())
        return [source["position"] and source["position"]["phase"] for source in state["sources"]]

    # --- what may happen ----------------------------------------------------------------------------
    def one_server_away(self):
        job = self.begin("away", BOTH)
        self.follows(job, "both tables", lambda: self.rows("a", "b"))
        self.servers["b"].kill()
        self.change("a")
        wait_until("rows of a while b is away",
                   lambda: (self.next_id, "a", "new") in self.seen(), alive=job)
        self.servers["b"].start()
        self.change("b")
        self.follows(job, "b again", lambda: self.rows("a", "b"))
        self.stop(job)
        say("one server may be away")

    def bounded_beside_unbounded(self):
        job = self.begin("mixed", "SELECT id, 'a', v FROM a_now UNION ALL SELECT id, 'b', v FROM b")
        self.follows(job, "both tables", lambda: self.rows("a", "b"))
        before = self.rows("a")
        self.change("a")
        for _ in range(2):
            self.change("b")
            self.follows(job, "only b from here on", lambda: sorted(before + self.rows("b")))
            self.stop(job)
            job = self.start()
        wait_until("both to go on", lambda: job.log().count("reading from binlog") == 2, alive=job)
        expect(self.seen() == sorted(before + self.rows("b")), "a restart changed something")
        self.stop(job)
        say("a bounded source ends, the job goes on")

    def all_bounded(self):
        job = self.begin("bounded", "SELECT id, 'a', v FROM a_now UNION ALL "
                         "SELECT id, 'b', v FROM b_now UNION ALL VALUES (7, 'c', 'seven')")
        status = job.wait()
        expect(status == 0, f"a bounded job ends with {status}\n{job.log_tail()}")
        wanted = sorted(self.rows("a", "b") + [(7, "c", "seven")])
        expect(self.seen() == wanted, "a bounded job did not copy everything")
        say("a job of bounded sources ends")

    def made_up_beside_mysql(self):
        job = self.begin("made", "SELECT id, 'made', CAST(id AS STRING) FROM made UNION ALL "
                         "SELECT id, 'a', v FROM a")
        made = [(number, "made", str(number)) for number in range(1, 21)]
        self.change("a")
        self.follows(job, "made-up rows and a", lambda: sorted(made + self.rows("a")))
        self.change("a")
        self.follows(job, "a goes on", lambda: sorted(made + self.rows("a")))
        self.stop(job)
        say("datagen and mysql-cdc in one UNION ALL")

    def select(self):
        """On the screen: to the end of what is there."""
        millrace = Millrace(self.folder / "select", self.folder / "state")
        for mode in ("batch", "streaming"):
            query = ("SELECT id, 'a', v FROM a_now WHERE id < 3 UNION ALL "
                     "SELECT id, 'b', v FROM b_now WHERE id < 3")
            status, out, err = millrace.once(
                "-c", f"{self.text('select')} SET 'execution.runtime-mode' = '{mode}'; {query};")
            expect(status == 0, f"SELECT ends with {status}\n{out}{err}")
            expect(out.count(" a ") == 2 and out.count(" b ") == 2, f"not four rows\n{out}")
        status, out, err = millrace.once("-c", f"{self.text('select')} {BOTH} LIMIT 3;")
        expect(status == 0 and "3 rows" in out, f"LIMIT over two sources: {status}\n{out}{err}")
        say("SELECT over UNION ALL")

    def stop_in_a_snapshot(self):
        self.servers["a"].run(
            "INSERT INTO d.t WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n "
            f"WHERE i < {ROWS_BIG}) SELECT 100000 + i, 'big' FROM n")
        job = self.begin("snapshot", BOTH)
        wait_until("b to be streaming while a is in its snapshot",
                   lambda: self.phases(job) == ["snapshot", "streaming"], alive=job)
        began = time.monotonic()
        self.change("b")
        wait_until("a change of b", lambda: (self.next_id, "b", "new") in self.seen(), LATENCY_MAX_S,
                   alive=job)
        say(f"visible after {time.monotonic() - began:.2f} s beside a snapshot")
        expect(self.phases(job) == ["snapshot", "streaming"], "the snapshot was too short to tell")
        self.stop(job)
        expect(self.phases(job) == ["snapshot", "streaming"], "it did not stop in the snapshot")
        read = self.rows_read(job)
        self.change("b")
        job = self.start()
        wait_until("progress", lambda: PROGRESS.search(job.log()), alive=job)
        shown = int(PROGRESS.search(job.log()).group(1).replace(",", ""))
        expect(shown >= read > 0, f"{read} rows were read before the stop, {shown} are shown after it")
        self.follows(job, "both tables", lambda: self.rows("a", "b"))
        self.stop(job)
        say("stopped in the snapshot of one source")


def several_sources():
    with playground("several") as (folder, processes):
        test = SeveralSources(folder, processes)
        test.one_server_away()
        test.bounded_beside_unbounded()
        test.all_bounded()
        test.made_up_beside_mysql()
        test.select()
        test.stop_in_a_snapshot()


if __name__ == "__main__":
    main(several_sources)
