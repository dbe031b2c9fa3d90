# ctest: snapshot_keys_mariadb, 240 s, slow: mariadb
# ctest: snapshot_keys_mysql9, 240 s, slow: mysql9
"""Tables with every kind of key, and with columns that the user chose to cut them by.

    snapshot_keys.py mariadb|mysql9

First they are read while nobody writes: the job must have read as many rows as there are, so that none was
read twice. Then again while they are written, slowly enough that every table is in the middle of its
snapshot at some checkpoint, and the job is killed and started several times: Doris must be equal in the end.
The writers move rows along the columns by which the tables are cut.
"""

import json
import random
import re
import sys
import threading

import pymysql
from servers import Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until

ROWS = 300
CHUNK_ROWS = 7
ROWS_PER_SECOND = 1500
LETTERS = ["a", "E", "e", "\u00e9", "Z", "z", "\u00df", "\u00c4", "ae", "A"]
FOLDING = {"mariadb": "utf8mb4_general_ci", "mysql9": "utf8mb4_0900_ai_ci"}


def word(i):
    """Different for each number under all collations, though the letters are not."""
    return f"{LETTERS[i % len(LETTERS)]}{i:05}"


def unsigned(i):
    return [i, 2**63 - 50 + i, 2**63 + 2**62 + i * 7919, 2**64 - 1 - i][i % 4]


def moment(i):
    return f"20{i % 80:02}-{i % 12 + 1:02}-{i % 28 + 1:02} 01:02:{i % 60:02}.{i % 1000000:06}"


def day(i):
    if i == 0:
        return "0000-00-00"
    return f"{1000 + i // 28:04}-{i // 28 % 12 + 1:02}-{i % 28 + 1:02}"


# {table: (columns, key, values by number, read in the middle of it)}
KEYS = {
    "k_int": ("k INT", "k", lambda i: (i * 3 - 500,), True),
    "k_unsigned": ("k BIGINT UNSIGNED", "k", lambda i: (unsigned(i),), True),
    "k_decimal": ("k DECIMAL(30, 0)", "k", lambda i: ((i - 100) * 10**24 + i,), True),
    "k_long": ("k DECIMAL(50, 0)", "k", lambda i: ((i - 100) * 10**44 + i,), True),
    "k_amount": ("k DECIMAL(10, 2)", "k", lambda i: (f"{i - 50}.{i % 100:02}",), True),
    "k_folding": ("k VARCHAR(30) COLLATE FOLDING", "k", lambda i: (word(i),), True),
    "k_latin": ("k CHAR(30) CHARACTER SET latin1 COLLATE latin1_swedish_ci", "k", lambda i: (word(i),), True),
    "k_padded": ("k VARCHAR(30) COLLATE utf8mb4_unicode_ci", "k", lambda i: (word(i) + " " * (i % 3),), True),
    "k_exact": ("k VARCHAR(30) COLLATE utf8mb4_bin", "k", lambda i: (word(i),), True),
    "k_binary": ("k BINARY(4)", "k", lambda i: (bytes([i % 3 * 127, 0, i // 256, i % 256]),), True),
    "k_varbinary": ("k VARBINARY(9)", "k", lambda i: (i.to_bytes(3, "little") + b"\0" * (i % 3),), True),
    "k_day": ("k DATE", "k", lambda i: (day(i),), True),
    "k_moment": ("k DATETIME(6), l INT", "k, l", lambda i: (moment(i), i), True),
    "k_stamp": ("k TIMESTAMP(3) DEFAULT '2001-01-01', l INT", "l, k", lambda i: (moment(i)[:23], i), True),
    "k_time": ("k TIME", "k", lambda i: (f"{i % 700 - 300}:{i % 60:02}:{i // 60 % 60:02}",), True),
    "k_several": ("k VARCHAR(20) COLLATE FOLDING, l BIGINT UNSIGNED, m DATE", "k, l, m",
                  lambda i: (LETTERS[i % 3], unsigned(i), day(i % 5 + 1)), True),
    "k_labels": ("k VARCHAR(20), l ENUM('b', 'a', 'c')", "k, l", lambda i: (f"w{i // 3}", "bac"[i % 3]), True),
    "k_label": ("k ENUM('b', 'a', 'c'), l INT", "k, l", lambda i: ("bac"[i % 3], i), False),
    "k_float": ("k DOUBLE", "k", lambda i: (i / 7,), False),
    "k_none": ("k INT", None, lambda i: (i,), False),
}
# Cut by k, whatever the key; words and numbers that many rows share, and NULLs.
CHOSEN = {
    "c_number": ("k INT NULL, INDEX (k)", "id", lambda i: (None if i % 4 == 0 else i % 40 - 20,), True),
    "c_word": ("k VARCHAR(20) COLLATE FOLDING NULL, INDEX (k)", "id",
               lambda i: (None if i % 3 == 0 else LETTERS[i % len(LETTERS)] + str(i % 15),), True),
    "c_bytes": ("k VARBINARY(20) NULL, INDEX (k)", "id", lambda i: (i.to_bytes(2, "big"),), True),
    "c_nothing": ("k INT NULL", "id", lambda i: (None,), False),
    "c_nokey": ("k BIGINT UNSIGNED NULL, INDEX (k)", None,
                lambda i: (None if i % 9 == 0 else unsigned(i),), True),
}

SOURCE = """
CREATE TABLE {name} (table_name STRING METADATA VIRTUAL, id INT NOT NULL, v STRING,
  PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'snap', 'table-name' = '{pattern}',
  'scan.incremental.snapshot.chunk.size' = '{chunk}'{more});
"""
SCRIPT = """
SET 'pipeline.name' = 'keys';
SET 'parallelism.default' = '3';
SET 'execution.checkpointing.interval' = '100 ms';
{sources}
CREATE TABLE d (table_name STRING, id INT, v STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'query-port' = '{query}',
  'table.identifier' = 'demo.snap', 'username' = 'root', 'password' = '',
  'sink.label-prefix' = 'snap');
INSERT INTO d SELECT * FROM by_key UNION ALL SELECT * FROM by_column;
"""


class Writer(threading.Thread):
    """Changes rows of all tables, and moves them along the columns by which these are cut."""

    def __init__(self, suite, seed):
        super().__init__(daemon=True)
        self.suite, self.random = suite, random.Random(seed)
        self.done, self.failure, self.count = threading.Event(), None, 0

    def one(self, cursor):
        name = self.random.choice(list(self.suite.tables))
        new, old = self.random.randrange(ROWS, 3 * ROWS), self.random.randrange(3 * ROWS)
        choice = self.random.randrange(4)
        try:
            if choice == 0:
                self.suite.insert(cursor, name, new, f"new {self.count}")
            elif choice == 1:
                cursor.execute(f"DELETE FROM snap.{name} WHERE id = {old}")
            elif choice == 2:
                cursor.execute(f"UPDATE snap.{name} SET v = 'changed {self.count}' WHERE id = {old}")
            else:
                names, values = self.suite.key(name, new)
                sets = ", ".join(f"{column} = %s" for column in names)
                cursor.execute(f"UPDATE snap.{name} SET v = 'moved {self.count}', {sets} WHERE id = {old}",
                               values)
        except pymysql.err.IntegrityError:
            pass  # there is a row of this key
        self.count += 1

    def run(self):
        try:
            connection = self.suite.writer_connection()
            with connection.cursor() as cursor:
                while not self.done.is_set():
                    self.one(cursor)
            connection.close()
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = failure

    def end(self):
        self.done.set()
        self.join()
        if self.failure:
            raise self.failure


class Suite:
    def __init__(self, kind, folder, processes):
        self.kind, self.folder = kind, folder
        self.mysql = start_mysql(kind, folder / "mysql", sync_binlog=0, innodb_flush_log_at_trx_commit=2)
        processes.append(self.mysql)
        self.mysql.create_user()
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE demo", "CREATE TABLE demo.snap (table_name varchar(50) NOT NULL, "
                       "id int NOT NULL, v varchar(100)) UNIQUE KEY(table_name, id) DISTRIBUTED BY "
                       "HASH(id) BUCKETS 1 PROPERTIES ('replication_num' = '1')")
        self.job = Millrace(folder / "millrace", folder / "state")
        processes.append(self.job)
        self.tables = {**KEYS, **CHOSEN}
        self.seed = random.SystemRandom().randrange(10**6)
        say(f"seed {self.seed}")

    def writer_connection(self):
        return self.mysql.connect(sql_mode="")

    def key(self, name, i):
        columns, _, values, _ = self.tables[name]
        names = [column.split()[0] for column in re.sub(r"\(.*?\)", "", columns).split(",")]
        return [column for column in names if column != "INDEX"], list(values(i))

    def insert(self, cursor, name, i, text):
        names, values = self.key(name, i)
        marks = ", ".join(["%s"] * (len(names) + 2))
        cursor.execute(f"INSERT INTO snap.{name} (id, v, {', '.join(names)}) VALUES ({marks})",
                       [i, text, *values])

    def create(self):
        connection = self.writer_connection()
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE snap")
            for name, (columns, key, _, _) in self.tables.items():
                columns = columns.replace("FOLDING", FOLDING[self.kind])
                # An index over a column that may be NULL is not a key.
                keys = f", PRIMARY KEY ({key})" if key and key != "id" else ""
                of_id = "NOT NULL PRIMARY KEY" if key == "id" else "NOT NULL UNIQUE" if key else "NULL UNIQUE"
                cursor.execute(f"CREATE TABLE snap.{name} (id INT {of_id}, v VARCHAR(100), {columns}{keys})")
                cursor.execute("BEGIN")
                for i in range(ROWS):
                    self.insert(cursor, name, i, f"old {i}")
                cursor.execute("COMMIT")
            cursor.execute("ANALYZE TABLE " + ", ".join(f"snap.{name}" for name in self.tables))
        connection.close()

    def script(self, name, more=""):
        path = self.folder / name
        sources = "".join(SOURCE.format(name=source, mysql=self.mysql.port, pattern=pattern,
                                        chunk=CHUNK_ROWS, more=option + more)
                          for source, pattern, option in (
                              ("by_key", "k_.*", ""),
                              ("by_column", "c_.*",
                               ",\n  'scan.incremental.snapshot.chunk.key-column' = 'k'")))
        path.write_text(SCRIPT.format(sources=sources, http=self.doris.http_port,
                                      query=self.doris.query_port), encoding="utf-8")
        return path

    def rows(self, server, statement):
        return sorted(tuple(map(str, row)) for row in server.run(statement))

    def mysql_rows(self):
        return self.rows(self.mysql, " UNION ALL ".join(
            f"SELECT '{name}', id, v FROM snap.{name}" for name in self.tables))

    def doris_rows(self):
        return self.rows(self.doris, "SELECT table_name, id, v FROM demo.snap")

    def check_equal(self, what):
        wanted = self.mysql_rows()
        try:
            wait_until(f"Doris to be equal to MySQL {what}", lambda: self.doris_rows() == wanted, 60,
                       alive=self.job)
        finally:
            for row in sorted(set(self.doris_rows()) ^ set(wanted))[:20]:
                say(f"differs: {row}")

    def at_rest(self):
        """Every row once."""
        status, out, err = self.job.once(
            self.script("rest.sql", ",\n  'scan.startup.mode' = 'snapshot'"))
        expect(status == 0, f"status {status}\n{out}{err}")
        expect(self.doris_rows() == self.mysql_rows(), "Doris differs from MySQL after a snapshot at rest")
        counts = [int(count) for count in re.findall(r"snapshot is complete: (\d+) rows", err + out)]
        wanted = [len(KEYS) * ROWS, len(CHOSEN) * ROWS]
        expect(counts == wanted, f"rows were read twice or not at all: {counts} of {wanted}\n{err}")
        say(f"{sum(counts)} rows of {len(self.tables)} tables, each read once")

    def see_halves(self, halves):
        """Adds the tables that are read in part, as of the latest checkpoint."""
        for _, path in self.job.checkpoints("keys")[-1:]:
            try:
                checkpoint = json.loads(path.read_text(encoding="utf-8"))
            except (FileNotFoundError, json.JSONDecodeError):
                return
            for source in checkpoint["sources"]:
                for table, state in (source["position"] or {}).get("tables", {}).items():
                    if isinstance(state, dict):
                        halves.add(table.removeprefix("snap."))

    def while_written(self):
        self.doris.run("TRUNCATE TABLE demo.snap")
        script = self.script("written.sql", f",\n  'scan.snapshot.max-rows-per-second' = '{ROWS_PER_SECOND}'")
        writers = [Writer(self, self.seed + i) for i in range(2)]
        for writer in writers:
            writer.start()
        halves, kills = set(), 0
        self.job.start("--fresh", script)

        def complete():
            self.see_halves(halves)
            return self.job.log().count("the snapshot is complete") >= 2

        # Killed when some more tables were seen in the middle, until that was often enough.
        while kills < 4:
            seen = len(halves)
            wait_until("more tables to be read in part", lambda: complete() or len(halves) > seen + 2, 60,
                       alive=self.job)
            if complete():
                break
            self.job.kill()
            kills += 1
            self.job.start(script)
        wait_until("the end of the snapshot", complete, 90, alive=self.job)
        for writer in writers:
            writer.end()
        say(f"{sum(writer.count for writer in writers)} statements beside the snapshot, {kills} kills")
        self.check_equal("after a snapshot beside writers")
        expect(kills >= 3, f"the job was killed {kills} times only")
        wanted = {name for name, (_, _, _, cut) in self.tables.items() if cut}
        expect(wanted <= halves, f"never read in part: {sorted(wanted - halves)}")
        expect(not halves - wanted, f"read in part: {sorted(halves - wanted)}")
        expect(self.job.stop() == 0, "the status of a stopped job is not 0")

    def wrong_column(self):
        script = self.script("wrong.sql")
        script.write_text(script.read_text(encoding="utf-8").replace("key-column' = 'k'", "key-column' = 'kk'"),
                          encoding="utf-8")
        status, out, err = self.job.once("--fresh", script)
        expect(status == 3, f"a chunk column that is not there: status {status}\n{out}{err}")
        for words in ('"kk"', "snap.c_bytes", "chunk.key-column", '"k"', '"id"'):
            expect(words in err, f"{words} is not in the error\n{err}")


def test(kind):
    with playground(f"keys-{kind}") as (folder, processes):
        suite = Suite(kind, folder, processes)
        suite.create()
        suite.at_rest()
        suite.wrong_column()
        suite.while_written()


if __name__ == "__main__":
    main(test, sys.argv[1])
