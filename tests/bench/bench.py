"""The figures of scripts/bench.sh: millrace end to end, into `minidoris --discard` and into blackhole,
beside a bare client that reads the same and only counts bytes, as ratios.

    bench.py [--rows ROWS_PER_SHARD] [--runs RUNS] [--baseline FOLDER] [--only NAME ...]

A baseline is the build folder of another commit, whose millrace runs in turn with ours.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

# pylint: disable=wrong-import-position
from servers import (BINARY_DIR, MariaDb, Millrace, Minidoris, expect, main, playground, say,
                     wait_until)
from shards import COLUMNS, DORIS_TABLE, MYSQL_COLUMNS, SHARDS
from watcher import find_position

ROWS_PER_STATEMENT = 1000
CONNECTIONS = 2
RUN_DEADLINE_S = 300
WIDE_COLUMNS = 30
NARROWED = 3  # of nine columns
COMMITS = 500
PROBE_MS_MAX = 60_000

SCRIPT = """
SET 'pipeline.name' = '{job}';
SET 'execution.checkpointing.interval' = '{interval}';
SET 'parallelism.default' = '{parallelism}';
CREATE TABLE source ({columns}) WITH ('connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{port}',
  'username' = 'cdc', 'password' = 'cdc-secret', 'database-name' = '{databases}',
  'table-name' = '{tables}', {start});
CREATE TABLE sink ({targets}) WITH ({sink});
INSERT INTO sink SELECT {select} FROM source;
"""

DISCARD = """'connector' = 'doris', 'fenodes' = '127.0.0.1:{http_port}', 'username' = 'root',
  'password' = '', 'table.identifier' = 'demo.all_employees_info',
  'sink.properties.two_phase_commit' = 'true', 'sink.label-prefix' = '{job}'"""
BLACKHOLE = "'connector' = 'blackhole'"
PRINT = "'connector' = 'print'"


class Table:
    """What is read, and what becomes of it."""

    def __init__(self, databases, tables, columns, select, targets):
        self.databases, self.tables = databases, tables
        self.columns, self.select, self.targets = columns, select, targets

    def of(self, databases):
        """The same tables of other databases."""
        return Table(databases, self.tables, self.columns, self.select, self.targets)


EMPLOYEES = Table(
    "emp_[0-9]+", "employees_[0-9]+",
    "database_name STRING METADATA VIRTUAL, table_name STRING METADATA VIRTUAL, emp_no INT NOT NULL, "
    "birth_date DATE, first_name STRING, last_name STRING, gender STRING, hire_date DATE, "
    "PRIMARY KEY (emp_no) NOT ENFORCED",
    "emp_no, CAST(birth_date AS STRING), first_name, last_name, gender, CAST(hire_date AS STRING), "
    "database_name, table_name",
    "emp_no INT, birth_date STRING, first_name STRING, last_name STRING, gender STRING, "
    "hire_date STRING, database_name STRING, table_name STRING")

WIDE_TYPES = [("BIGINT", "BIGINT", "{base} + i"), ("INT", "INT", "({base} + i) % 100000"),
              ("VARCHAR(20)", "STRING", "CONCAT('value ', i)"), ("DATETIME", "TIMESTAMP(0)",
               "TIMESTAMP '2020-01-01 00:00:00' + INTERVAL i MINUTE"),
              ("DOUBLE", "DOUBLE", "i / 7"), ("DECIMAL(12,2)", "DECIMAL(12, 2)", "i * 1.25")]


def many_columns(count):
    """(name, MySQL type, Flink type, expression over i) of a table with so many columns and a key."""
    return [("id", "BIGINT", "BIGINT", "{base} + i")] + [
        (f"c{i}", *WIDE_TYPES[i % len(WIDE_TYPES)]) for i in range(1, count)]


def of_columns(database, name, columns, wanted=None):
    wanted = wanted or len(columns)
    declared = ", ".join(f"{column} {flink}" for column, _, flink, _ in columns[:wanted])
    names = ", ".join(column for column, *_ in columns[:wanted])
    return Table(database, name, f"{declared}, PRIMARY KEY (id) NOT ENFORCED", names, declared)


WIDE = many_columns(WIDE_COLUMNS)
NINE = many_columns(9)


class Figures:
    """What one run took."""

    def __init__(self, rows, seconds, usage=None):
        self.rows_per_s = rows / seconds
        self.peak_mib = usage.ru_maxrss / 1024 if usage else 0
        self.cpu_s_per_million = (usage.ru_utime + usage.ru_stime) / rows * 1e6 if usage else 0


class Line:
    """One line of the result: millrace, and what it is compared with in turn."""

    def __init__(self, name, measure, beside, limit, what):
        self.name, self.measure, self.beside, self.limit, self.what = name, measure, beside, limit, what


class Bench:
    def __init__(self, folder, processes, options):
        self.folder = folder
        self.options = options
        self.rows = options.rows * len(SHARDS)
        self.other_rows = max(ROWS_PER_STATEMENT, options.rows // 2)
        self.single_rows = max(ROWS_PER_STATEMENT, options.rows // 2)
        self.mysql = MariaDb(folder / "mysql", innodb_buffer_pool_size="2G",
                             innodb_log_file_size="1G", max_binlog_size="1G")
        processes.append(self.mysql)
        self.mysql.start()
        self.mysql.create_user()
        self.doris = Minidoris(folder / "doris", "--discard")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE demo", DORIS_TABLE)
        self.processes = processes
        self.jobs = 0
        self.end = {}  # of the binlog, by its first file
        self.binary_dir = BINARY_DIR

    # --- rows -----------------------------------------------------------------------------------------
    def load(self):
        """1000 rows per statement, as bulk loaders write them; the binlog holds the same rows."""
        start = time.monotonic()
        connection = self.mysql.connect()
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE numbers")
            cursor.execute("CREATE TABLE numbers.n (i INT PRIMARY KEY)")
            cursor.execute("INSERT INTO numbers.n VALUES "
                           + ",".join(f"({i})" for i in range(ROWS_PER_STATEMENT)))
            for number, (database, table) in enumerate(SHARDS):
                cursor.execute(f"CREATE DATABASE IF NOT EXISTS {database}")
                cursor.execute(f"CREATE TABLE {database}.{table} ({MYSQL_COLUMNS})")
                first = number * self.options.rows + 1
                for base in range(first, first + self.options.rows, ROWS_PER_STATEMENT):
                    cursor.execute(
                        f"INSERT INTO {database}.{table} SELECT {base} + i, DATE '1950-01-01' + "
                        f"INTERVAL ({base} + i * 7) % 20000 DAY, "
                        "ELT(1 + i % 5, 'Georgi', 'Bezalel', 'Chirstian', 'Kyoichi', 'Anneke'), "
                        "ELT(1 + i % 7, 'Facello', 'Simmel', 'Bamford', 'Koblick', 'Maliniak', "
                        "'Preusig', 'Zielinski'), ELT(1 + i % 2, 'M', 'F'), DATE '1985-01-01' + "
                        f"INTERVAL ({base} + i * 3) % 6000 DAY FROM numbers.n")
            self.note_end(cursor, "bin.000001")
            for database, columns in (("wide", WIDE), ("nine", NINE)):
                self.load_columns(cursor, database, columns)
            for database, table in [*SHARDS, ("wide", "t"), ("nine", "t")]:  # into the buffer pool
                cursor.execute(f"CHECKSUM TABLE {database}.{table}")
        connection.close()
        say(f"loaded {self.rows + 2 * self.other_rows} rows in {time.monotonic() - start:.0f} s")

    def note_end(self, cursor, first_file):
        cursor.execute(self.mysql.position_statement)
        file, offset = cursor.fetchone()[:2]
        self.end[first_file] = (int(file.rsplit(".", 1)[1]), int(offset))

    def load_columns(self, cursor, database, columns):
        cursor.execute("SET sql_log_bin = 0")
        cursor.execute(f"CREATE DATABASE {database}")
        types = ", ".join(f"{name} {mysql}" for name, mysql, *_ in columns)
        cursor.execute(f"CREATE TABLE {database}.t ({types}, PRIMARY KEY (id))")
        for base in range(1, 1 + self.other_rows, ROWS_PER_STATEMENT):
            values = ", ".join(value.format(base=base) for *_, value in columns)
            cursor.execute(f"INSERT INTO {database}.t SELECT {values} FROM numbers.n")
        cursor.execute("SET sql_log_bin = 1")

    def load_single(self):
        """Transactions of one row, in binlog files of their own."""
        connection = self.mysql.connect()
        with connection.cursor() as cursor:
            cursor.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 0, GLOBAL sync_binlog = 0")
            cursor.execute("FLUSH BINARY LOGS")
            cursor.execute(self.mysql.position_statement)
            self.single_file = cursor.fetchone()[0]
            cursor.execute("CREATE DATABASE single")
            cursor.execute(f"CREATE TABLE single.employees_1 ({MYSQL_COLUMNS})")
            cursor.execute(
                "CREATE PROCEDURE single.fill(n INT) BEGIN DECLARE i INT DEFAULT 0; WHILE i < n DO "
                "INSERT INTO single.employees_1 VALUES (i, '1960-01-01', 'Georgi', 'Facello', 'M', "
                "'1986-06-26'); SET i = i + 1; END WHILE; END")
            cursor.execute(f"CALL single.fill({self.single_rows})")
            self.note_end(cursor, self.single_file)
        connection.close()

    # --- Millrace -------------------------------------------------------------------------------------
    def counted(self):
        with urllib.request.urlopen(
                f"http://127.0.0.1:{self.doris.http_port}/api/_minidoris/stats", timeout=10) as answer:
            return json.loads(answer.read())["rows"]

    def start(self, table, sink, start, interval="10 s", parallelism=CONNECTIONS):
        self.jobs += 1
        self.job = f"bench-{self.jobs}"
        script = self.folder / f"{self.job}.sql"
        script.write_text(SCRIPT.format(
            job=self.job, interval=interval, parallelism=parallelism, start=start,
            port=self.mysql.port, databases=table.databases, tables=table.tables,
            columns=table.columns, select=table.select, targets=table.targets,
            sink=sink.format(http_port=self.doris.http_port, job=self.job)), encoding="utf-8")
        millrace = Millrace(self.folder / self.job, self.folder / "state")
        self.processes.append(millrace)
        millrace.spawn([self.binary_dir / "millrace", script], millrace.environment())
        return millrace

    @staticmethod
    def reap(millrace):
        """Waits for the end; returns the resources the process took."""
        _, status, usage = os.wait4(millrace.child.pid, 0)
        millrace.child.returncode = os.waitstatus_to_exitcode(status)
        expect(millrace.child.returncode == 0,
               f"millrace ended with {millrace.child.returncode}\n{millrace.log_tail()}")
        return usage

    def check_rows(self, millrace, sink, before, rows):
        if sink is DISCARD:
            expect(self.counted() - before == rows,
                   f"{self.counted() - before} rows arrived, expected {rows}\n{millrace.log_tail()}")
        else:
            expect(f"{rows} rows in all" in millrace.log(), f"not {rows} rows\n{millrace.log_tail()}")

    def snapshot(self, table=EMPLOYEES, sink=DISCARD, rows=None):
        rows = rows or self.rows
        before, start = self.counted(), time.monotonic()
        millrace = self.start(table, sink, "'scan.startup.mode' = 'snapshot'")
        usage = self.reap(millrace)
        seconds = time.monotonic() - start
        self.check_rows(millrace, sink, before, rows)
        return Figures(rows, seconds, usage)

    def binlog(self, sink, file="bin.000001", table=EMPLOYEES, rows=None):
        rows = rows or self.rows
        before, start = self.counted(), time.monotonic()
        millrace = self.start(
            table, sink, "'scan.startup.mode' = 'specific-offset', 'scan.startup.specific-offset.file' = "
            f"'{file}', 'scan.startup.specific-offset.pos' = '4'",
            "500 ms" if sink is DISCARD else "100 ms")

        def all_there():
            for _, path in reversed(millrace.checkpoints(self.job)):
                position = find_position(json.loads(path.read_text()))
                return position is not None and position >= self.end[file]
            return False
        wait_until("a checkpoint with the last row", all_there, RUN_DEADLINE_S, alive=millrace)
        seconds = time.monotonic() - start
        millrace.child.terminate()
        usage = self.reap(millrace)
        self.check_rows(millrace, sink, before, rows)
        return Figures(rows, seconds, usage)

    # --- the limit ------------------------------------------------------------------------------------
    def bare(self, rows, mode, *arguments):
        done = subprocess.run([BINARY_DIR / "bare_reader", mode, str(self.mysql.port), "cdc",
                               "cdc-secret", *map(str, arguments)],
                              capture_output=True, text=True, check=False)
        expect(done.returncode == 0, done.stderr)
        return Figures(rows, float(done.stdout.split()[2]))

    def bare_snapshot(self):
        return self.bare(self.rows, "snapshot", CONNECTIONS,
                         *[f"SELECT {COLUMNS} FROM {database}.{table}" for database, table in SHARDS])

    def bare_table(self, database, columns):
        """In halves, on as many connections as millrace has."""
        names = ", ".join(name for name, *_ in columns)
        middle = self.other_rows // 2
        return self.bare(self.other_rows, "snapshot", CONNECTIONS,
                         *[f"SELECT {names} FROM {database}.t WHERE {half}"
                           for half in (f"id <= {middle}", f"id > {middle}")])

    def bare_binlog(self, file="bin.000001", rows=None):
        return self.bare(rows or self.rows, "binlog", file)

    def baseline(self, measure):
        def measure_baseline():
            self.binary_dir = Path(self.options.baseline)
            try:
                return measure()
            finally:
                self.binary_dir = BINARY_DIR
        return measure_baseline

    def median(self, measure, beside):
        """One pair of runs to warm up, then the median of the others by their ratio. Both sides of a
        ratio are measured right after each other, since a machine is never quiet for long."""
        beside()
        measure()
        pairs = sorted(((measure(), beside()) for _ in range(self.options.runs)),
                       key=lambda pair: pair[0].rows_per_s / pair[1].rows_per_s)
        return pairs[len(pairs) // 2]

    def lines(self):
        """The limits that are to be held: at least so much of the rows per second of the other."""
        wide, nine = of_columns("wide", "t", WIDE), of_columns("nine", "t", NINE)
        three = of_columns("nine", "t", NINE, NARROWED)
        other = self.other_rows
        yield Line("snapshot, discard", self.snapshot, self.bare_snapshot, 0.65, "bare client")
        yield Line("snapshot, blackhole", lambda: self.snapshot(sink=BLACKHOLE), self.bare_snapshot,
                   0.85, "bare client")
        yield Line("wide snapshot, blackhole", lambda: self.snapshot(wide, BLACKHOLE, other),
                   lambda: self.bare_table("wide", WIDE), 0.85, "bare client")
        yield Line("3 of 9 columns, blackhole", lambda: self.snapshot(three, BLACKHOLE, other),
                   lambda: self.snapshot(nine, BLACKHOLE, other), 2.0, "all 9 columns")
        yield Line("binlog, discard", lambda: self.binlog(DISCARD), self.bare_binlog, None,
                   "bare client")
        yield Line("binlog, blackhole", lambda: self.binlog(BLACKHOLE), self.bare_binlog, None,
                   "bare client")
        yield Line("single rows, blackhole", self.single, lambda: self.bare_binlog(
            self.single_file, self.single_rows), 0.6, "bare client")
        if self.options.baseline:
            for name, measure in (("snapshot, discard", self.snapshot),
                                  ("binlog, discard", lambda: self.binlog(DISCARD)),
                                  ("binlog, blackhole", lambda: self.binlog(BLACKHOLE)),
                                  ("single rows, blackhole", self.single)):
                yield Line(name, measure, self.baseline(measure), None, "baseline")

    def single(self):
        return self.binlog(BLACKHOLE, self.single_file, EMPLOYEES.of("single"), self.single_rows)

    def run(self):
        self.load()
        print(f"\n{self.rows:,} rows in {len(SHARDS)} shards, {CONNECTIONS} connections, "
              f"{os.cpu_count()} cores, JSON, {self.options.runs} runs (median)\n")
        print("|                           |   rows/s | other rows/s | ratio | limit | beside        | "
              "peak MiB | CPU s per million rows |")
        print("| ------------------------- | -------: | -----------: | ----: | ----: | ------------- | "
              "-------: | ---------------------: |")
        for line in self.lines():
            if self.options.only and not any(word in line.name for word in self.options.only):
                continue
            # The bare client reads a binlog to its end: single rows come after the bulk was measured.
            if line.name.startswith("single") and not hasattr(self, "single_file"):
                self.load_single()
            one, other = self.median(line.measure, line.beside)
            limit = f"{line.limit:5.2f}" if line.limit else "     "
            print(f"| {line.name:25} | {one.rows_per_s:8,.0f} | {other.rows_per_s:12,.0f} | "
                  f"{one.rows_per_s / other.rows_per_s:5.2f} | {limit} | {line.what:13} | "
                  f"{one.peak_mib:8.0f} | {one.cpu_s_per_million:22.2f} |", flush=True)
        half = self.snapshot(EMPLOYEES.of("emp_1"), DISCARD, self.rows // 2)
        print(f"\nPeak memory of a snapshot of half of the rows: {half.peak_mib:.0f} MiB")
        self.latency()

    def latency(self):
        """From the commit of one row, with nothing else going on, to its line from the print sink."""
        self.mysql.run("CREATE DATABASE quick",
                       "CREATE TABLE quick.t (id BIGINT PRIMARY KEY, c1 BIGINT)",
                       "SET GLOBAL innodb_flush_log_at_trx_commit = 0, GLOBAL sync_binlog = 0")
        table = of_columns("quick", "t", [("id", "", "BIGINT", "")])
        millrace = self.start(table, PRINT, "'scan.startup.mode' = 'latest-offset'", parallelism=1)
        wait_until("the stream", lambda: "reading from binlog" in millrace.log(), alive=millrace)
        connection = self.mysql.connect()
        took_ms = []
        with connection.cursor() as cursor:
            for number in range(COMMITS):
                before = millrace.log_path.stat().st_size if number else None
                cursor.execute(f"INSERT INTO quick.t VALUES ({number}, 0)")
                start = time.monotonic()
                wanted = f"+I[{number}]"
                while wanted not in self.tail(millrace, before):
                    expect((time.monotonic() - start) * 1000 < PROBE_MS_MAX, f"no row {number}")
                took_ms.append((time.monotonic() - start) * 1000)
        connection.close()
        millrace.child.terminate()
        self.reap(millrace)
        took_ms.sort()
        print(f"\nFrom commit to the sink when idle: median {statistics.median(took_ms):.1f} ms, "
              f"p99 {took_ms[int(len(took_ms) * 0.99)]:.1f} ms (limit 5)")

    @staticmethod
    def tail(millrace, before):
        with open(millrace.log_path, encoding="utf-8", errors="replace") as text:
            text.seek(before or 0)
            return text.read()


def bench():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows per shard")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--baseline", help="build folder of another commit")
    parser.add_argument("--only", nargs="*", help="lines whose names have one of these words")
    options = parser.parse_args()
    with playground("bench") as (folder, processes):
        Bench(folder, processes, options).run()


if __name__ == "__main__":
    main(bench)
