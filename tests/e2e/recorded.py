# ctest: recorded, 300 s, slow
"""Checkpoint files of an earlier release resume, in the stream and inside of a snapshot.

recorded/*.json were written by the release of 2026-11-26 (commit ec93cb4) for recorded/job.sql, over
two tables of 700,000 rows. Only the place in the binlog is rewritten, to that of the test's own
server; the fingerprint, the table positions and the token are as they were. Doris begins empty, so
that it shows exactly what was read: nothing that the file calls done.
"""

import json

from servers import (SOURCE_DIR, MariaDb, Millrace, Minidoris, expect, main, playground, say,
                     wait_until)

RECORDED = SOURCE_DIR / "tests" / "e2e" / "recorded"
JOB = "recorded"
TABLES = {"orders_1": (1, 100000), "orders_2": (100001, 700000)}
DORIS_TABLE = """
CREATE TABLE demo.orders (
  id BIGINT NOT NULL, note VARCHAR(50), amount DECIMAL(12, 2), made DATETIME, shard VARCHAR(50)
) UNIQUE KEY(id) DISTRIBUTED BY HASH(id) BUCKETS 1
PROPERTIES ("replication_allocation" = "tag.location.default: 1")"""


class Recorded:
    def __init__(self, folder, processes):
        self.folder = folder
        self.processes = processes
        self.mysql = MariaDb(folder / "mysql")
        processes.append(self.mysql)
        self.mysql.start()
        self.mysql.create_user()
        self.mysql.run("CREATE DATABASE shop")
        for name, (first, last) in TABLES.items():
            self.mysql.run(
                f"CREATE TABLE shop.{name} (id BIGINT PRIMARY KEY, note VARCHAR(50), "
                "amount DECIMAL(10, 2), made DATETIME)",
                f"INSERT INTO shop.{name} SELECT seq, CONCAT('note ', seq), seq / 100, "
                "'2026-01-01 00:00:00' + INTERVAL seq MINUTE "
                f"FROM shop.seq_{first}_to_{last}")
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE demo", DORIS_TABLE)
        self.script = folder / "job.sql"
        text = (RECORDED / "job.sql").read_text(encoding="utf-8")
        for word, value in (("mysql_port", self.mysql.port), ("http_port", self.doris.http_port),
                            ("query_port", self.doris.query_port)):
            text = text.replace("{" + word + "}", str(value))
        self.script.write_text(text, encoding="utf-8")

    def put(self, name):
        """Puts a recorded file where the job looks for it; returns (process, position, number)."""
        job = Millrace(self.folder / name, self.folder / f"state-{name}")
        self.processes.append(job)
        checkpoint = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
        position = checkpoint["sources"][0]["position"]
        file, offset = self.mysql.run(self.mysql.position_statement)[0][:2]
        position["file"], position["offset"] = file, int(offset)
        job.checkpoint_folder(JOB).mkdir(parents=True)
        number = checkpoint["checkpoint"]
        path = job.checkpoint_folder(JOB) / f"chk-{number}.json"
        path.write_text(json.dumps(checkpoint, indent=2), encoding="utf-8")
        self.doris.run("TRUNCATE TABLE demo.orders")
        return job, position, number

    def ids(self):
        return self.doris.run("SELECT COUNT(*), MIN(id), MAX(id) FROM demo.orders")[0]

    def stop(self, job, number):
        expect(job.stop() == 0, f"status is not 0\n{job.log_tail()}")
        expect(f"resuming from checkpoint {number}" in job.log(), f"no resume\n{job.log_tail()}")
        numbers = [n for n, _ in job.checkpoints(JOB)]
        expect(numbers[-1] > number, f"no new checkpoint: {numbers}")

    def streaming(self):
        job, position, number = self.put("streaming")
        expect(position["phase"] == "streaming", "the recording is of another phase")
        self.mysql.run("UPDATE shop.orders_1 SET note = 'after' WHERE id = 7")
        job.start(self.script)
        wait_until("the change to arrive", lambda: self.ids()[0] > 0, alive=job)
        expect(tuple(self.ids()) == (1, 7, 7), f"more than the change was read: {self.ids()}")
        self.stop(job, number)
        say("a checkpoint of the stream resumes without a snapshot")

    def snapshot(self):
        job, position, number = self.put("snapshot")
        tables = position["tables"]
        following = tables["shop.orders_2"]["next"]
        expect(tables["shop.orders_1"] == "done", "the recording has another position")
        first, last = TABLES["orders_2"]
        expect(first < following < last, "the recording is not inside of a table")
        left = (last - following + 1, following, last)
        job.start(self.script)
        wait_until("the rest of the snapshot", lambda: tuple(self.ids()) == left, 120, alive=job)
        self.mysql.run(f"UPDATE shop.orders_2 SET note = 'after' WHERE id = {last}")
        wait_until("a change after the snapshot", lambda: self.doris.run(
            f"SELECT note FROM demo.orders WHERE id = {last}") == [("AFTER",)], alive=job)
        expect(tuple(self.ids()) == left, f"rows from before were read again: {self.ids()}")
        self.stop(job, number)
        say("a checkpoint inside of a snapshot resumes there")


def recorded():
    with playground("recorded") as (folder, running):
        test = Recorded(folder, running)
        test.streaming()
        test.snapshot()


if __name__ == "__main__":
    main(recorded)
