"""A MySQL server that does not answer, or not for long, delays no other source of the job and no stop."""

# ctest: slow_peer, 300 s, slow

import contextlib
import signal
import socket
import threading
import time

from proxy import Proxy
from servers import MariaDb, Millrace, Minidoris, expect, main, playground, say, wait_until

HOLD_S = 8
ROWS_PER_SECOND = 10
STOP_MAX_S = 10  # after the first SIGTERM
STOP_AT_ONCE_S = 1.5  # after the second: one second, and a busy machine
INTERVAL_MS = 300

DORIS_TABLE = """CREATE TABLE d.t (id bigint NOT NULL, v varchar(100)) UNIQUE KEY(id)
DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES ("replication_allocation" = "tag.location.default: 1")"""

SCRIPT = """
SET 'pipeline.name' = '{job}';
SET 'execution.checkpointing.interval' = '{interval} ms';
CREATE TABLE t (id BIGINT, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{port}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'd', 'table-name' = 't');
CREATE TABLE made (id BIGINT) WITH (
  'connector' = 'datagen', 'rows-per-second' = '{rate}', 'fields.id.kind' = 'sequence',
  'fields.id.start' = '1', 'fields.id.end' = '1000000');
CREATE TABLE seen (id BIGINT) WITH ('connector' = 'print', 'print-identifier' = 'made');
CREATE TABLE target (id BIGINT, v STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'table.identifier' = 'd.t',
  'username' = 'root', 'password' = '', 'sink.label-prefix' = '{job}');
BEGIN STATEMENT SET;
INSERT INTO target SELECT id, v FROM t;
{other}
END;
"""

MADE = "INSERT INTO seen SELECT id FROM made;"


class MutePeer:
    """Accepts connections and says nothing."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.clients = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                self.clients.append(self.listener.accept()[0])


class SlowPeer:
    def __init__(self, folder, processes):
        self.folder = folder
        self.processes = processes
        self.mysql = MariaDb(folder / "mysql")
        processes.append(self.mysql)
        self.mysql.start()
        self.mysql.create_user()
        self.mysql.run("CREATE DATABASE d", "CREATE TABLE d.t (id BIGINT PRIMARY KEY, v VARCHAR(100))",
                       "INSERT INTO d.t VALUES (1, 'one'), (2, 'two')")
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE d", DORIS_TABLE)

    def start(self, job, port, other=""):
        script = self.folder / f"{job}.sql"
        script.write_text(SCRIPT.format(job=job, interval=INTERVAL_MS, port=port, other=other,
                                        rate=ROWS_PER_SECOND, http=self.doris.http_port),
                          encoding="utf-8")
        millrace = Millrace(self.folder / job, self.folder / "state")
        self.processes.append(millrace)
        return millrace.start(script)

    @staticmethod
    def printed(millrace):
        return millrace.log().count("made> +I[")

    def keeps_emitting(self, millrace, what):
        """Twenty rows of the other source come in about two seconds, not all at once later."""
        before = self.printed(millrace)
        began = time.monotonic()
        wait_until(f"rows of the other source {what}",
                   lambda: self.printed(millrace) >= before + 2 * ROWS_PER_SECOND,
                   HOLD_S / 2, alive=millrace)
        say(f"{2 * ROWS_PER_SECOND} rows of the other source in {time.monotonic() - began:.1f} s {what}")

    def stop(self, millrace, signals=1):
        """SIGTERM, so often; returns the seconds from the last one to the end."""
        for _ in range(signals - 1):
            seen = millrace.log().count("stop")
            millrace.child.send_signal(signal.SIGTERM)
            wait_until("the first signal to be noticed",
                       lambda before=seen: millrace.log().count("stop") > before, alive=millrace)
        began = time.monotonic()
        status = millrace.stop()
        seconds = time.monotonic() - began
        expect(status == 0, f"status {status} after SIGTERM\n{millrace.log_tail()}")
        return seconds

    # --- what may happen ----------------------------------------------------------------------------
    def held_query(self):
        proxy = Proxy(self.mysql.port)
        held, release = threading.Event(), threading.Event()

        def hold(statement):
            if "MIN(" in statement:
                held.set()
                release.wait(HOLD_S)
            return statement

        proxy.rewrite = hold
        job = self.start("held", proxy.port, MADE)
        expect(held.wait(HOLD_S), f"the bounds of the table were not asked for\n{job.log_tail()}")
        self.keeps_emitting(job, "while a query is held")
        release.set()
        wait_until("the snapshot", lambda: len(self.doris.run("SELECT id FROM d.t")) == 2, alive=job)
        self.stop(job)
        say("a slow query delays no other source")

    def stop_in_a_held_query(self):
        for signals, limit_s in ((1, STOP_MAX_S), (2, STOP_AT_ONCE_S)):
            proxy = Proxy(self.mysql.port)
            held, release = threading.Event(), threading.Event()

            def hold(statement, held=held, release=release):
                if "MIN(" in statement:
                    held.set()
                    release.wait(10 * HOLD_S)
                return statement

            proxy.rewrite = hold
            job = self.start(f"hold{signals}", proxy.port)
            expect(held.wait(HOLD_S), f"the bounds of the table were not asked for\n{job.log_tail()}")
            seconds = self.stop(job, signals)
            release.set()
            expect(seconds < limit_s, f"{signals} SIGTERM: {seconds:.1f} s in a held query\n"
                   f"{job.log_tail()}")
            say(f"{signals} SIGTERM in a held query: {seconds:.2f} s")

    def mute_server(self):
        job = self.start("mute", MutePeer().port, MADE)
        self.keeps_emitting(job, "beside a mute server")
        self.stop(job)
        for signals, limit_s in ((1, STOP_MAX_S), (2, STOP_AT_ONCE_S)):
            peer = MutePeer()
            job = self.start(f"mute{signals}", peer.port)
            wait_until("the connection", lambda peer=peer: peer.clients, alive=job)
            seconds = self.stop(job, signals)
            expect(seconds < limit_s, f"{signals} SIGTERM: {seconds:.1f} s with a mute server\n"
                   f"{job.log_tail()}")
            say(f"{signals} SIGTERM with a mute server: {seconds:.2f} s")


def slow_peer():
    with playground("slow") as (folder, processes):
        test = SlowPeer(folder, processes)
        test.held_query()
        test.stop_in_a_held_query()
        test.mute_server()


if __name__ == "__main__":
    main(slow_peer)
