# ctest: processes, 300 s, slow
"""Millrace as a process: one per job, graceful stops, --fresh, and jobs that end by themselves."""

import signal

import shards
from servers import MariaDb, Millrace, Minidoris, expect, main, playground, say, wait_until


class Processes:
    def __init__(self, folder, processes):
        self.folder = folder
        self.processes = processes
        self.mysql = MariaDb(folder / "mysql")
        processes.append(self.mysql)
        self.mysql.start()
        self.mysql.create_user()
        shards.load_shards(self.mysql)
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE demo", shards.DORIS_TABLE)
        self.script = folder / "job.sql"
        self.text = shards.script_for(self.mysql, self.doris, interval="1s")
        self.script.write_text(self.text, encoding="utf-8")
        self.next_number = 40000

    def millrace(self, name):
        process = Millrace(self.folder / name, self.folder / "state")
        self.processes.append(process)
        return process

    def add_row(self):
        self.next_number += 1
        self.mysql.run(f"INSERT INTO emp_1.employees_1 VALUES ({self.next_number}, '1990-01-01', "
                       "'A', 'B', 'M', '2020-01-01')")

    def follows(self, job, what):
        def equal():
            return shards.doris_rows(self.doris) == shards.mysql_rows(self.mysql, shards.SHARDS)
        wait_until(f"Doris to be equal to MySQL: {what}", equal, alive=job)

    def one_process_per_job(self):
        first = self.millrace("first").start(self.script)
        self.follows(first, "the first process")
        second = self.millrace("second")
        status, out, err = second.once(self.script)
        expect(status == 3, f"the second process of a job ends with {status}\n{out}{err}")
        expect("cdc_doris_sink" in err, f"the refusal does not name the job\n{err}")
        self.add_row()
        self.follows(first, "undisturbed by the second process")
        first.kill()
        third = self.millrace("third").start(self.script)
        self.add_row()
        self.follows(third, "the lock of a killed process is free")
        expect(third.stop() == 0, "SIGTERM: status is not 0")
        say("one process per job")

    def graceful_stop(self):
        for how in (signal.SIGINT, signal.SIGTERM):
            job = self.millrace(f"stop-{how.name}").start(self.script)
            self.add_row()
            self.follows(job, "before the stop")
            # Stopped in the middle of work: what the final checkpoint does not hold comes later.
            for _ in range(20):
                self.add_row()
            status = job.stop(how)
            expect(status == 0, f"{how.name}: status {status}\n{job.log_tail()}")
            left = self.doris.run("SHOW TRANSACTION FROM demo WHERE STATUS = 'PRECOMMITTED'")
            expect(not left, f"{how.name}: prepared transactions are left: {left}")
            job = self.millrace(f"after-{how.name}").start(self.script)
            self.follows(job, f"after {how.name} and a new start")
            wait_until("the start to say that it goes on from a checkpoint",
                       lambda: "resuming from checkpoint" in job.log(), alive=job)
            expect(job.stop() == 0, "SIGTERM: status is not 0")
        say("graceful stops lose nothing")

    def stop_without_doris(self):
        """A stop must come to an end even if its final checkpoint cannot be made."""
        job = self.millrace("stop-without").start(self.script)
        self.add_row()
        self.follows(job, "before Doris goes away")
        self.doris.kill()
        self.add_row()
        expect(job.stop() == 0, f"a stop without Doris: status is not 0\n{job.log_tail()}")
        self.doris.start()
        job = self.millrace("stop-after").start(self.script)
        self.follows(job, "after a stop without Doris")
        expect(job.stop() == 0, "SIGTERM: status is not 0")
        say("a stop without Doris ends")

    def fresh(self):
        self.doris.run("TRUNCATE TABLE demo.all_employees_info")
        job = self.millrace("fresh").start("--fresh", self.script)
        self.follows(job, "with --fresh everything comes again")
        expect(job.stop() == 0, "SIGTERM: status is not 0")
        say("--fresh starts again")

    def bounded(self):
        """'scan.startup.mode' = 'snapshot' ends by itself, with everything committed."""
        self.doris.run("TRUNCATE TABLE demo.all_employees_info")
        text = self.text.replace("'connector' = 'mysql-cdc',",
                                 "'connector' = 'mysql-cdc', 'scan.startup.mode' = 'snapshot',", 1)
        file = self.folder / "bounded.sql"
        file.write_text("SET 'pipeline.name' = 'bounded';\n" + text, encoding="utf-8")
        status, out, err = self.millrace("bounded").once(file)
        expect(status == 0, f"a bounded job ends with {status}\n{out}{err}")
        expect(shards.doris_rows(self.doris) == shards.mysql_rows(self.mysql, shards.SHARDS),
               "a bounded job did not copy everything")
        say("a bounded job ends by itself")


def processes():
    with playground("processes") as (folder, running):
        test = Processes(folder, running)
        test.one_process_per_job()
        test.graceful_stop()
        test.stop_without_doris()
        test.fresh()
        test.bounded()


if __name__ == "__main__":
    main(processes)
