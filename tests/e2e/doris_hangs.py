# ctest: doris_hangs, 120 s, fast
"""A Doris that accepts requests and does not answer holds up no stop.

Rows come from datagen, so that no database server is needed. minidoris delays every answer by 90
seconds, from before the job starts or in the middle of it.
"""

import signal
import time

from servers import Millrace, Minidoris, expect, main, playground, say, wait_until

FIRST_STOP_MAX_S = 10
SECOND_STOP_MAX_S = 1
SLACK_S = 0.5  # for the process to end on a busy machine
HANGS = [{"at": "all", "action": "delay", "delay_ms": 90_000, "times": -1}]

SCRIPT = """
SET 'pipeline.name' = 'hangs';
SET 'execution.checkpointing.interval' = '500 ms';
CREATE TABLE made (id BIGINT) WITH (
  'connector' = 'datagen', 'rows-per-second' = '100',
  'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '1000000');
CREATE TABLE sink (id BIGINT) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{port}', 'table.identifier' = 'd.t',
  'username' = 'root', 'password' = '', 'sink.label-prefix' = 'hangs');
INSERT INTO sink SELECT id FROM made;
"""


class DorisHangs:
    def __init__(self, folder, processes):
        self.folder = folder
        self.processes = processes
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.script = folder / "job.sql"
        self.new_doris()

    def new_doris(self):
        """A server that hangs does so with a thread per request: each case gets a new one."""
        self.doris.kill()
        self.doris.start()
        self.doris.run("CREATE DATABASE IF NOT EXISTS d",
                       "CREATE TABLE IF NOT EXISTS d.t (id bigint NOT NULL) UNIQUE KEY(id) "
                       "DISTRIBUTED BY HASH(id) BUCKETS 1 "
                       "PROPERTIES (\"replication_allocation\" = \"tag.location.default: 1\")")
        self.script.write_text(SCRIPT.format(port=self.doris.http_port), encoding="utf-8")

    def start(self, name):
        job = Millrace(self.folder / name, self.folder / "state")
        self.processes.append(job)
        return job.start(self.script)

    def stop(self, job, signals, max_s, what):
        """Sends the signals, half a second apart, and measures from the last one."""
        for number in range(signals):
            if number > 0:
                wait_until("the first signal to be seen", lambda: "stop" in job.log(), alive=job)
            job.child.send_signal(signal.SIGTERM)
            sent = time.monotonic()
        status = job.wait(max_s + 20)
        took_s = time.monotonic() - sent
        expect(status == 0, f"{what}: status {status}\n{job.log_tail()}")
        expect(took_s < max_s + SLACK_S, f"{what}: ended after {took_s:.1f} s\n{job.log_tail()}")
        say(f"{what}: ended after {took_s:.1f} s")

    def case(self, name, running, signals, max_s):
        self.new_doris()
        if running:
            job = self.start(name)
            wait_until("rows in Doris", lambda: self.doris.run("SELECT count(*) FROM d.t")[0][0] > 0,
                       alive=job)
            self.doris.faults(HANGS)
        else:
            self.doris.faults(HANGS)
            job = self.start(name)
        wait_until("the log to say what is waited for", lambda: "waiting for Doris at" in job.log(),
                   alive=job)
        expect(job.log().count("waiting for Doris at") == 1, f"said too often\n{job.log_tail()}")
        self.stop(job, signals, max_s, name)


def doris_hangs():
    with playground("doris-hangs") as (folder, running):
        test = DorisHangs(folder, running)
        for while_running in (False, True):
            when = "running" if while_running else "start"
            test.case(f"{when}-one-signal", while_running, 1, FIRST_STOP_MAX_S)
            test.case(f"{when}-two-signals", while_running, 2, SECOND_STOP_MAX_S)


if __name__ == "__main__":
    main(doris_hangs)
