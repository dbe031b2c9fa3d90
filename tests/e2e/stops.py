# ctest: stops, 180 s, slow
"""Stops while a peer hangs: the first signal ends the process within 10 seconds, the second within
one, both with status 0. SIGHUP only opens the log file again."""

import contextlib
import json
import re
import signal
import socket
import threading
import time
import urllib.request
from types import SimpleNamespace

import shards
from servers import Millrace, Minidoris, expect, main, playground, say, wait_until

FIRST_MAX_S = 10
SECOND_MAX_S = 1
SCHEDULING_S = 0.5  # what a busy machine may add

DATAGEN_TO_DORIS = """
SET 'execution.checkpointing.interval' = '300ms';
SET 'pipeline.name' = 'made-up';
CREATE TABLE made_up (id INT NOT NULL, name STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'datagen', 'rows-per-second' = '50');
CREATE TABLE target (id INT, name STRING) WITH ('connector' = 'doris',
  'fenodes' = '127.0.0.1:{port}', 'table.identifier' = 'demo.made_up', 'username' = 'root',
  'password' = '', 'sink.label-prefix' = 'made_up', 'sink.enable-delete' = 'false');
INSERT INTO target SELECT id, name FROM made_up;
"""
# The first entry is gone once a request has met it.
HANGS = [{"at": "all", "action": "delay", "delay_ms": 90000, "times": times} for times in (1, -1)]


class MuteServer:
    """Accepts connections and says nothing."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.connections = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                self.connections.append(self.listener.accept()[0])

    def close(self):
        self.listener.close()
        for connection in self.connections:
            connection.close()


class Stops:
    def __init__(self, folder, processes):
        self.folder = folder
        self.processes = processes
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE demo", shards.DORIS_TABLE,
                       "CREATE TABLE demo.made_up (id int NOT NULL, name varchar(200)) UNIQUE KEY(id) "
                       "DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES ('replication_num' = '1')")

    def millrace(self, name, text, *arguments):
        script = self.folder / f"{name}.sql"
        script.write_text(text, encoding="utf-8")
        process = Millrace(self.folder / name, self.folder / f"state-{name}")
        self.processes.append(process)
        return process.start(*arguments, script)

    def from_mysql(self, port):
        return shards.script_for(SimpleNamespace(port=port), self.doris, interval="300ms")

    def both(self, name, text, ready, say_so="Ctrl-C", number=signal.SIGINT):
        """One signal, and in a second run two."""
        job = self.millrace(f"{name}-once", text)
        ready(job)
        begin = time.monotonic()
        status = job.stop(number, deadline_s=FIRST_MAX_S + SCHEDULING_S)
        took = time.monotonic() - begin
        expect(status == 0, f"{name}: the first signal ends with {status}\n{job.log_tail()}")
        expect(f"{say_so}" in job.log() and "at once" in job.log(),
               f"{name}: nothing says that a second signal ends at once\n{job.log_tail()}")
        job = self.millrace(f"{name}-twice", text)
        ready(job)
        job.child.send_signal(number)
        wait_until("the first signal to be noticed", lambda: "final checkpoint" in job.log(), alive=job)
        begin = time.monotonic()
        status = job.stop(number, deadline_s=SECOND_MAX_S + SCHEDULING_S)
        expect(status == 0, f"{name}: the second signal ends with {status}\n{job.log_tail()}")
        say(f"{name}: stopped after {took:.1f} s, and {time.monotonic() - begin:.1f} s after a second signal")

    def mute_mysql(self):
        server = MuteServer()

        def connected(job):
            server.connections.clear()
            wait_until("a connection", lambda: server.connections, alive=job)
        try:
            self.both("mute-mysql", self.from_mysql(server.port), connected)
            self.both("mute-mysql-sigterm", self.from_mysql(server.port), connected, "SIGTERM",
                      signal.SIGTERM)
        finally:
            server.close()

    def retrying(self):
        """No server listens: the job is between two attempts."""
        def retries(job):
            wait_until("the job to have failed", lambda: re.search(r"WARN .*127\.0\.0\.1:1\b", job.log()),
                       alive=job)
        self.both("retrying", self.from_mysql(1), retries)

    def hanging_doris(self):
        def hangs(job):
            self.doris.faults([], "DELETE")
            wait_until("a checkpoint", lambda: job.checkpoints("made-up"), alive=job)
            self.doris.faults(HANGS)
            wait_until("a request that hangs", lambda: self.faults_left() < len(HANGS), alive=job)
        self.both("hanging-doris", DATAGEN_TO_DORIS.format(port=self.doris.http_port), hangs)
        self.doris.faults([], "DELETE")

    def faults_left(self):
        url = f"http://127.0.0.1:{self.doris.http_port}/api/_minidoris/faults"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return len(json.loads(answer.read()))

    def hang_up(self):
        log = self.folder / "job.log"
        old = self.folder / "job.log.1"
        job = self.millrace("hang-up", DATAGEN_TO_DORIS.format(port=self.doris.http_port), "--log-file", log)
        wait_until("a checkpoint in the log", lambda: "checkpoint 1 " in log.read_text(), alive=job)
        log.rename(old)
        job.child.send_signal(signal.SIGHUP)
        wait_until("the log to be opened again", lambda: log.exists() and "checkpoint" in log.read_text(),
                   alive=job)
        expect(job.stop() == 0, f"SIGTERM after SIGHUP\n{job.log_tail()}")
        for place, text in (("the log file", log.read_text()), ("the terminal", job.log())):
            expect(len(re.findall(r"job made-up: .*checkpoint \d+: .*run the same script again", text)) == 1,
                   f"{place} does not say once how the job ended\n{text[-2000:]}")
        expect(re.search(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d INFO ", log.read_text(), re.M),
               f"times in the log have no time zone\n{log.read_text()[-500:]}")
        job = self.millrace("hang-up-without", DATAGEN_TO_DORIS.format(port=self.doris.http_port))
        wait_until("a checkpoint", lambda: "checkpoint 1 " in job.log(), alive=job)
        job.child.send_signal(signal.SIGHUP)
        wait_until("the job to go on", lambda: "checkpoint 3 " in job.log(), alive=job)
        expect(job.stop() == 0, f"SIGTERM after SIGHUP\n{job.log_tail()}")
        say("SIGHUP opens the log file again and stops nothing")

    def failure_in_the_log(self):
        log = self.folder / "failure.log"
        self.doris.faults([], "DELETE")
        text = DATAGEN_TO_DORIS.format(port=self.doris.http_port).replace("demo.made_up", "demo.nowhere")
        for arguments, in_log in ((("--log-file", log), True), ((), False)):
            job = self.millrace(f"failure-{in_log}", text, *arguments)
            expect(job.wait() == 3, f"a job that fails\n{job.log_tail()}")
            said = len(re.findall(r"job made-up: failed: .*nowhere", job.log()))
            expect(said == 1, f"the reason is {said} times on the terminal\n{job.log_tail()}")
            if in_log:
                written = re.findall(r"ERROR job made-up: failed: .*nowhere", log.read_text())
                expect(len(written) == 1, f"the reason is not once in the log\n{log.read_text()}")
        say("the reason of a failure is on the terminal and in the log, once each")


def stops():
    with playground("stops") as (folder, processes):
        test = Stops(folder, processes)
        test.mute_mysql()
        test.retrying()
        test.hanging_doris()
        test.hang_up()
        test.failure_in_the_log()


if __name__ == "__main__":
    main(stops)
