# ctest: failover_mysql9, 300 s, slow: mysql9
# ctest: failover_mariadb, 200 s, slow: mariadb
"""A job whose MySQL server dies goes on at a replica of it; where that would be wrong it does not.

    failover.py mariadb|mysql9

The binlogs of the two servers have files and offsets of their own. With GTID sets (MySQL) the job finds its place; without
(MariaDB) it must not even try.
"""

import json
import sys

from servers import Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until

DORIS_TABLE = """CREATE TABLE d.t (id bigint NOT NULL, v varchar(100)) UNIQUE KEY(id) DISTRIBUTED BY HASH(id) BUCKETS 1
PROPERTIES ("replication_allocation" = "tag.location.default: 1")"""

SCRIPT = """SET 'pipeline.name' = '{job}';
SET 'execution.checkpointing.interval' = '100 ms';
SET 'restart-strategy.type' = '{restarts}';
CREATE TABLE s (id BIGINT, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '{servers}', 'username' = 'cdc', 'password' = 'cdc-secret',
  'database-name' = 'd', 'table-name' = 't', 'scan.incremental.snapshot.chunk.size' = '1000',
  'scan.snapshot.max-rows-per-second' = '{pace}',
  'connect.timeout' = '2 s');
CREATE TABLE k (id BIGINT, v STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'table.identifier' = 'd.t',
  'username' = 'root', 'password' = '', 'sink.label-prefix' = '{job}');
INSERT INTO k SELECT id, v FROM s;
"""
ROWS = 60_000
SLOW = 15_000  # rows per second of a snapshot that is to be cut
OFFSET_ROWS = 3000  # make the binlog of the replica differ from that of its source


class Failover:
    def __init__(self, kind, folder, processes):
        self.kind, self.folder, self.processes = kind, folder, processes
        self.a, self.b = self.server("a", 1), self.server("b", 2)
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE d", DORIS_TABLE)
        self.next_id = 1_000_000

    def server(self, name, number, **settings):
        server = start_mysql(self.kind, self.folder / name, server_id=number, **settings)
        self.processes.append(server)
        return server

    def job(self, name, servers, restarts="exponential-delay", pace=1_000_000):
        script = self.folder / f"{name}-{len(self.processes)}.sql"
        addresses = ", ".join(f"127.0.0.1:{server.port}" for server in servers)
        script.write_text(SCRIPT.format(job=name, servers=addresses, restarts=restarts, pace=pace,
                                        http=self.doris.http_port), encoding="utf-8")
        job = Millrace(self.folder / f"{name}-{len(self.processes)}", self.folder / "state")
        self.processes.append(job)
        return job, script

    def start(self, *arguments, **options):
        job, script = self.job(*arguments, **options)
        return job.start(script)

    def position(self, job, name):
        number, path = job.checkpoints(name)[-1]
        found = json.loads(path.read_text(encoding="utf-8"))["sources"]
        text = json.dumps(found)
        return number, text

    def add_rows(self, server):
        self.next_id += 3
        server.run(f"INSERT INTO d.t VALUES ({self.next_id}, 'new'), ({self.next_id + 1}, 'new')",
                   f"UPDATE d.t SET v = 'changed' WHERE id = {self.next_id}",
                   f"DELETE FROM d.t WHERE id = {self.next_id + 1}")

    def follows(self, job, server, what):
        def equal():
            query = "SELECT COUNT(*), SUM(id), MAX(id), SUM(v = 'changed') FROM d.t"
            return [str(value) for value in self.doris.run(query)[0]] == [
                str(value) for value in server.run(query)[0]]
        wait_until(f"Doris to be equal to MySQL: {what}", equal, alive=job)
        rows = [tuple(row) for row in server.run("SELECT id, v FROM d.t ORDER BY id")]
        expect([tuple(row) for row in self.doris.run("SELECT id, v FROM d.t ORDER BY id")] == rows,
               f"{what}: Doris has other rows")
        say(f"follows: {what}")

    def replicate(self, source, replica):
        replica.run("STOP REPLICA", f"""CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1',
            SOURCE_PORT = {source.port}, SOURCE_USER = 'cdc', SOURCE_PASSWORD = 'cdc-secret', SOURCE_AUTO_POSITION = 1,
            GET_SOURCE_PUBLIC_KEY = 1, SOURCE_CONNECT_RETRY = 1""", "START REPLICA")

    def caught_up(self, source, replica):
        executed = source.run("SELECT @@GLOBAL.gtid_executed")[0][0]
        expect(replica.run(f"SELECT WAIT_FOR_EXECUTED_GTID_SET('{executed}', 30)")[0][0] == 0,
               "the replica does not catch up")

    def set_up_replica(self):
        # Of its own, so that offsets differ; then as if it had not been.
        self.b.run("CREATE DATABASE other", "CREATE TABLE other.t (id INT PRIMARY KEY)",
                   "INSERT INTO other.t VALUES " + ", ".join(f"({i})" for i in range(OFFSET_ROWS)))
        self.a.create_user()
        self.a.run("CREATE DATABASE d", "CREATE TABLE d.t (id BIGINT PRIMARY KEY, v VARCHAR(100))")
        for first in range(0, ROWS, 10_000):
            self.a.run("INSERT INTO d.t VALUES " +
                       ", ".join(f"({i}, 'row {i}')" for i in range(first, first + 10_000)))
        self.replicate(self.a, self.b)
        self.caught_up(self.a, self.b)

    def in_the_snapshot(self):
        """Its chunks were read from one server and the rest from another; nothing is written meanwhile."""
        job = self.start("cut", [self.a, self.b], pace=SLOW)
        wait_until("a checkpoint within the snapshot",
                   lambda: job.checkpoints("cut") and '"next"' in self.position(job, "cut")[1], alive=job)
        self.a.kill()
        self.follows(job, self.b, "the snapshot goes on at the replica")
        expect("trying the next server" in job.log(), "the first server was not tried")
        wait_until("the end of the snapshot", lambda: "the snapshot is complete" in job.log(), alive=job)
        expect(job.stop() == 0, "the status of a stopped job is not 0")
        self.a.start()
        self.doris.run("TRUNCATE TABLE d.t")

    def while_streaming(self):
        job = self.start("live", [self.a, self.b])
        self.add_rows(self.a)
        self.follows(job, self.a, "the first server")
        self.caught_up(self.a, self.b)
        self.a.kill()
        self.b.run("STOP REPLICA", "RESET REPLICA ALL")
        self.add_rows(self.b)
        self.follows(job, self.b, "the replica that took over")
        self.add_rows(self.b)
        self.follows(job, self.b, "what it gets later")
        expect(job.stop() == 0, "the status of a stopped job is not 0")

    def not_behind(self):
        """The dead server is back and does not know what the job has read from the other."""
        self.a.start()
        status, out, err = self.once("live", [self.a], restarts="none")
        expect(status == 3, f"a server that lacks transactions is read: status {status}\n{out}{err}")
        expect("transactions that the server does not know" in err, f"the message does not say why\n{err}")
        job = self.start("live", [self.a, self.b])
        self.add_rows(self.b)
        self.follows(job, self.b, "the second server, because the first lacks transactions")
        self.replicate(self.b, self.a)
        self.caught_up(self.b, self.a)
        self.b.kill()
        self.a.run("STOP REPLICA", "RESET REPLICA ALL")
        self.add_rows(self.a)
        self.follows(job, self.a, "back at the first server, which has caught up")
        expect(job.stop() == 0, "the status of a stopped job is not 0")

    def once(self, name, servers, **options):
        job, script = self.job(name, servers, **options)
        return job.once(script)

    def reset(self):
        """It is the same server, but what the job has read of its log is gone."""
        self.a.run("RESET BINARY LOGS AND GTIDS")
        status, out, err = self.once("live", [self.a])
        expect(status == 3, f"a server that was reset is read: status {status}\n{out}{err}")
        expect("its log was reset" in err and "--fresh" in err, f"the message does not say why\n{err}")
        say("a server that was reset is refused")

    def without_gtids(self):
        """Files and offsets of one server mean nothing at another."""
        for server in (self.a, self.b):
            server.create_user()
            server.run("CREATE DATABASE d", "CREATE TABLE d.t (id BIGINT PRIMARY KEY, v VARCHAR(100))",
                       "INSERT INTO d.t VALUES (1, 'one')")
        job = self.start("plain", [self.a])
        self.add_rows(self.a)
        self.follows(job, self.a, "one server")
        expect(job.stop() == 0, "the status of a stopped job is not 0")
        for servers in ([self.b], [self.b, self.b]):
            status, out, err = self.once("plain", servers)
            expect(status == 3, f"another server is read: status {status}\n{out}{err}")
            expect("in the binlog of server_id 1" in err and "is server_id 2" in err,
                   f"the message does not name the servers\n{err}")
        job = self.start("plain", [self.b, self.a])
        self.add_rows(self.a)
        self.follows(job, self.a, "the server of the checkpoint, which is the second in the list")
        expect(job.stop() == 0, "the status of a stopped job is not 0")


def test(kind):
    with playground(f"failover-{kind}") as (folder, processes):
        failover = Failover(kind, folder, processes)
        if kind == "mariadb":
            failover.without_gtids()
            return
        failover.set_up_replica()
        failover.in_the_snapshot()
        failover.while_streaming()
        failover.not_behind()
        failover.reset()


if __name__ == "__main__":
    main(test, sys.argv[1])
