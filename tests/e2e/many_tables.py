# ctest: many_tables, 300 s, slow
"""Ten thousand tables in a hundred databases: one job, small in memory, in checkpoints and in time.

The limits are those of before there was a table history. A change of one table of ten thousand costs
as much as one of ten: the bytes that are written for it, and the time until it is visible.
"""

import resource
import os
import time

from servers import (MariaDb, Millrace, Minidoris, expect, main, playground, say, wait_until)

DATABASES = 100
TABLES = 100  # in each
ROWS = 3
FIRST_ROW_S = 1.3
LAST_ROW_S = 4.6
# This machine may be busy: a limit is missed only by more than this factor.
PATIENCE = 4
PEAK_MIB = 64
CHECKPOINT_BYTES = 64 * 1024
INTERVAL_MS = 500

SCRIPT = """
SET 'pipeline.name' = '{job}';
SET 'execution.checkpointing.interval' = '{interval} ms';
CREATE TABLE shards (db STRING METADATA FROM 'database_name' VIRTUAL,
  name STRING METADATA FROM 'table_name' VIRTUAL, id BIGINT, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = '{databases}', 'table-name' = 't_[0-9]+');
CREATE TABLE sink (db STRING, name STRING, id BIGINT, v STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'table.identifier' = 'd.{target}',
  'username' = 'root', 'password' = '', 'sink.label-prefix' = '{job}');
INSERT INTO sink SELECT db, name, id, v FROM shards;
"""

DORIS_TABLE = """CREATE TABLE d.{name} (db varchar(20), name varchar(20), id bigint, v varchar(100))
UNIQUE KEY(db, name, id) DISTRIBUTED BY HASH(id) BUCKETS 1
PROPERTIES ("replication_allocation" = "tag.location.default: 1")"""


class ManyTables:
    def __init__(self, folder, processes):
        self.folder = folder
        self.processes = processes
        self.mysql = MariaDb(folder / "mysql", innodb_flush_log_at_trx_commit=0, sync_binlog=0,
                             innodb_file_per_table=0, table_definition_cache=20_000,
                             table_open_cache=2_000)
        processes.append(self.mysql)
        self.mysql.start()
        self.mysql.create_user()
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE d", DORIS_TABLE.format(name="many"),
                       DORIS_TABLE.format(name="few"))

    def load(self):
        start = time.monotonic()
        connection = self.mysql.connect()
        with connection.cursor() as cursor:
            cursor.execute("SET sql_log_bin = 0")
            for database in range(DATABASES):
                cursor.execute(f"CREATE DATABASE s_{database}")
                for table in range(TABLES):
                    name = f"s_{database}.t_{table}"
                    cursor.execute(f"CREATE TABLE {name} (id BIGINT PRIMARY KEY, v VARCHAR(100))")
                    cursor.execute(f"INSERT INTO {name} VALUES (1, 'a'), (2, 'b'), (3, 'c')")
        connection.close()
        say(f"{DATABASES * TABLES} tables in {time.monotonic() - start:.0f} s")

    def start(self, job, databases, target):
        script = self.folder / f"{job}.sql"
        script.write_text(SCRIPT.format(
            job=job, interval=INTERVAL_MS, mysql=self.mysql.port, http=self.doris.http_port,
            databases=databases, target=target), encoding="utf-8")
        millrace = Millrace(self.folder / f"{job}-{len(self.processes)}", self.folder / "state")
        self.processes.append(millrace)
        return millrace.start(script)

    def count(self, target):
        return self.doris.run(f"SELECT COUNT(*) FROM d.{target}")[0][0]

    def newest(self, job, name):
        return job.checkpoints(name)[-1][1]

    def snapshot(self):
        start = time.monotonic()
        job = self.start("many", "s_[0-9]+", "many")
        wait_until("the first row", lambda: self.count("many") > 0, 120, alive=job)
        first_s = time.monotonic() - start
        wait_until("all rows", lambda: self.count("many") == DATABASES * TABLES * ROWS, 120, alive=job)
        last_s = time.monotonic() - start
        size = self.newest(job, "many").stat().st_size
        say(f"first row after {first_s:.1f} s, last one after {last_s:.1f} s; checkpoint {size} bytes")
        expect(first_s < FIRST_ROW_S * PATIENCE, f"the first row took {first_s:.1f} s")
        expect(last_s < LAST_ROW_S * PATIENCE, f"the last row took {last_s:.1f} s")
        expect(size < CHECKPOINT_BYTES, f"a checkpoint of {size} bytes")
        return job

    def written(self, job):
        """Bytes that the process has handed to the kernel."""
        with open(f"/proc/{job.child.pid}/io", encoding="utf-8") as text:
            return int(next(line for line in text if line.startswith("wchar")).split()[1])

    def change(self, job, name, target):
        """Bytes written for one change of a table and its columns, and the seconds it took."""
        wait_until("a rest", lambda: self.rests(job, name), alive=job)
        before, start = self.written(job), time.monotonic()
        self.mysql.run("ALTER TABLE s_1.t_1 ADD COLUMN extra INT",
                       f"UPDATE s_1.t_1 SET v = 'changed {time.time()}' WHERE id = 1")
        value = self.mysql.run("SELECT v FROM s_1.t_1 WHERE id = 1")[0][0]
        wait_until("the change", lambda: self.doris.run(
            f"SELECT v FROM d.{target} WHERE db = 's_1' AND name = 't_1' AND id = 1") == [(value,)],
            alive=job)
        seconds = time.monotonic() - start
        wait_until("a rest", lambda: self.rests(job, name), alive=job)
        self.mysql.run("ALTER TABLE s_1.t_1 DROP COLUMN extra")
        wait_until("a rest", lambda: self.rests(job, name), alive=job)
        return self.written(job) - before, seconds

    def rests(self, job, name):
        """Two intervals without a new checkpoint."""
        newest = self.newest(job, name)
        time.sleep(2 * INTERVAL_MS / 1000)
        return self.newest(job, name) == newest

    def changes(self, many):
        few = self.start("few", "s_1", "few")
        wait_until("the rows of one database", lambda: self.count("few") == TABLES * ROWS, alive=few)
        bytes_few, seconds_few = self.change(few, "few", "few")
        status = few.stop()
        expect(status == 0, f"status {status}\n{few.log_tail()}")
        bytes_many, seconds_many = self.change(many, "many", "many")
        say(f"a change of one table: {bytes_few} bytes and {seconds_few:.2f} s with {TABLES} tables, "
            f"{bytes_many} bytes and {seconds_many:.2f} s with {TABLES * DATABASES}")
        expect(bytes_many < bytes_few + 4 * CHECKPOINT_BYTES,
               f"{bytes_many} bytes written for a change of one table, not about {bytes_few}")
        expect(seconds_many < seconds_few + 2, f"{seconds_many:.1f} s for a change, not {seconds_few:.1f}")

    def reap(self, job):
        job.child.terminate()
        _, status, usage = os.wait4(job.child.pid, 0)
        job.child.returncode = os.waitstatus_to_exitcode(status)
        expect(job.child.returncode == 0, f"status {status}\n{job.log_tail()}")
        peak_mib = usage.ru_maxrss / 1024
        say(f"peak memory {peak_mib:.0f} MiB, {usage.ru_utime + usage.ru_stime:.1f} s of CPU")
        if "san" not in os.environ.get("MILLRACE_BINARY_DIR", ""):
            expect(peak_mib < PEAK_MIB, f"peak memory {peak_mib:.0f} MiB")

    def resume(self):
        job = self.start("many", "s_[0-9]+", "many")
        self.mysql.run("UPDATE s_99.t_99 SET v = 'after' WHERE id = 3")
        wait_until("a change after a restart", lambda: self.doris.run(
            "SELECT v FROM d.many WHERE db = 's_99' AND name = 't_99' AND id = 3") == [("after",)],
            alive=job)
        self.reap(job)


def many_tables():
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(20_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),
                                                resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with playground("many") as (folder, processes):
        test = ManyTables(folder, processes)
        test.load()
        job = test.snapshot()
        test.changes(job)
        test.reap(job)
        test.resume()


if __name__ == "__main__":
    main(many_tables)
