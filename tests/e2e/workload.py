"""Random transactions over four shards and over tables made of them with CREATE TABLE ... SELECT, and a journal of what each one means for Doris.

The only writer of its tables. After every commit it notes the server's binlog position, so that a
checkpoint's position can be turned into "the first k transactions" and those into the exact content
the Doris table must have.
"""

import contextlib
import datetime
import threading
from dataclasses import dataclass, field

import pymysql

from servers import say, wait_until

SHARDS = [("emp_1", "employees_1"), ("emp_1", "employees_2"),
          ("emp_2", "employees_1"), ("emp_2", "employees_2")]
PAUSE_S = 0.005  # between two transactions
CREATIONS_RATE = 0.03  # of all transactions, besides those asked for
CREATIONS_MAX = 20     # the same
NUMBERS_PER_TABLE = 10_000_000  # each created table has its own, because Doris keeps all under one key
NO_SUCH_TABLE = 1146

TABLE = """emp_no INT NOT NULL PRIMARY KEY, birth_date DATE NOT NULL, name VARCHAR(60) NOT NULL,
    salary DECIMAL(12,3), note TEXT, changed DATETIME(3)"""
COLUMNS = "emp_no, birth_date, name, salary, note, changed"

# Texts that have broken loaders before.
NOTES = [None, "", " ", "plain", "\\N", "\\", "\\\\n", "tab\there", "line\nfeed", "cr\r\nlf", '"', "'",
         '{"json": [1, null, "x"]}', "a,b;c|d", "\x01\x02", "Zoë 测试 🚀", "null", "NULL", "true", "0",
         "__DORIS_DELETE_SIGN__", "</xml>&amp;", "trailing ", "\u2028"]


def doris_row(row, shard):
    """What Doris must hold for a MySQL row: all values as text."""
    return tuple(None if value is None else str(value) for value in row) + shard


@dataclass
class Entry:
    position: tuple                              # (file number, offset) after the commit
    changes: list = field(default_factory=list)  # [(database, Doris key, row or None)], in order
    # The server died around the commit: it lies anywhere after the entry before this one.
    uncertain: bool = False


def position_of(server, cursor):
    cursor.execute(server.position_statement)
    row = cursor.fetchone()
    return (int(row[0].rsplit(".", 1)[1]), int(row[1]))


class Workload(threading.Thread):
    """Runs until stop(). `rows` is the number of rows per shard to begin with; `replaces`: use CREATE OR
    REPLACE too, which only MariaDB has, and which is not atomic when the server dies; `wanders`: rows
    move to the other database too, which only makes sense while one source reads both."""

    def __init__(self, server, rng, rows, replaces=False, wanders=True):
        super().__init__(daemon=True, name="workload")
        self.server = server
        self.rng = rng
        self.next_number = 1
        self.shards = {shard: {} for shard in SHARDS}  # {emp_no: row} as MySQL holds it
        self.journal = []
        self.failure = None
        self.paused = threading.Event()
        self.idle = threading.Event()
        self.stopping = threading.Event()
        self.connection = None
        self.replaces = replaces
        self.wanders = wanders
        self.creations = 0
        self.creation_wanted = threading.Event()
        self.create(rows)

    # --- rows -------------------------------------------------------------------------------------
    def random_row(self, number):
        rng = self.rng
        birth = datetime.date(1950, 1, 1) + datetime.timedelta(days=rng.randrange(20000))
        name = f"n{rng.randrange(10 ** 6)}"
        return (number, birth, name, *self.random_values())

    def random_values(self):
        rng = self.rng
        salary = None if rng.random() < 0.1 else f"{rng.randrange(-10 ** 9, 10 ** 9) / 1000:.3f}"
        note = rng.choice(NOTES)
        changed = None if rng.random() < 0.1 else (
            datetime.datetime(2000, 1, 1) + datetime.timedelta(
                seconds=rng.randrange(8 * 10 ** 8), milliseconds=rng.choice((0, 0, 7, 120))))
        return (salary, note, changed)

    def new_number(self):
        self.next_number += 1
        return self.next_number

    def create(self, rows):
        self.connection = self.server.connect()
        with self.connection.cursor() as cursor:
            for database, table in SHARDS:
                cursor.execute(f"CREATE DATABASE IF NOT EXISTS {database}")
                cursor.execute(f"CREATE TABLE {database}.{table} ({TABLE})")
                batch = [self.random_row(self.new_number()) for _ in range(rows)]
                cursor.executemany(
                    f"INSERT INTO {database}.{table} VALUES (%s, %s, %s, %s, %s, %s)", batch)
        self.journal.append(self.difference())

    # --- random transactions ------------------------------------------------------------------------
    def steps(self):
        """The statements of one transaction, [(SQL, values)], and the shards they touch."""
        rng = self.rng
        statements = []
        touched = set()
        used = set()  # each row at most once per transaction keeps the steps independent

        def pick(shard):
            free = [number for number in self.shards[shard] if number not in used]
            if not free:
                return None
            used.add(number := rng.choice(free))
            return number

        for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
            shard = rng.choice(list(self.shards))
            touched.add(shard)
            name = f"{shard[0]}.{shard[1]}"
            kind = rng.choice(("insert", "insert", "values", "values", "birth", "number", "delete",
                               "move", "reborn", "many"))
            number = None if kind in ("insert", "many") else pick(shard)
            if number is None and kind != "many":
                kind = "insert"
            insert = "INSERT INTO {} VALUES (%s, %s, %s, %s, %s, %s)"
            if kind == "insert":
                statements.append((insert.format(name), self.random_row(self.new_number())))
            elif kind == "values":
                statements.append((f"UPDATE {name} SET salary = %s, note = %s, changed = %s "
                                   "WHERE emp_no = %s", (*self.random_values(), number)))
            elif kind == "birth":  # a key of the Doris table that is none in MySQL
                statements.append((f"UPDATE {name} SET birth_date = birth_date + INTERVAL %s DAY "
                                   "WHERE emp_no = %s", (rng.randrange(1, 500), number)))
            elif kind == "number":
                statements.append((f"UPDATE {name} SET emp_no = %s WHERE emp_no = %s",
                                   (self.new_number(), number)))
            elif kind == "delete":
                statements.append((f"DELETE FROM {name} WHERE emp_no = %s", (number,)))
            elif kind == "reborn":  # same key, deleted and inserted within one transaction
                row = self.shards[shard][number]
                statements.append((f"DELETE FROM {name} WHERE emp_no = %s", (number,)))
                statements.append((insert.format(name), (*row[:2], "reborn", *self.random_values())))
            elif kind == "move":  # to another shard: the key in Doris stays
                target = rng.choice([other for other in self.shards if other != shard
                                     and (self.wanders or other[0] == shard[0])])
                touched.add(target)
                row = self.shards[shard][number]
                statements.append((f"DELETE FROM {name} WHERE emp_no = %s", (number,)))
                statements.append((insert.format(f"{target[0]}.{target[1]}"), row))
            elif kind == "many":
                low = rng.randrange(1, self.next_number + 1)
                statements.append((f"UPDATE {name} SET note = %s WHERE emp_no BETWEEN %s AND %s "
                                   "AND emp_no % 3 = 0".replace("% 3", "%% 3"),
                                   (rng.choice(NOTES), low, low + 40)))
                used.update(range(low, low + 41))
        return statements, touched

    def create_from_select(self):
        """A table with rows from its first moment on; or one that replaces another, with the same keys,
        because Doris keeps the rows of tables that are dropped."""
        rng = self.rng
        created = [shard for shard in self.shards if shard not in SHARDS]
        columns = "birth_date, 'created' AS name, salary, note, changed"
        with self.connection.cursor() as cursor:
            if created and self.replaces and rng.random() < 0.5:
                shard = rng.choice(created)
                cursor.execute("DROP TEMPORARY TABLE IF EXISTS emp_1.copy")
                cursor.execute(f"CREATE TEMPORARY TABLE emp_1.copy SELECT * FROM {'.'.join(shard)}")
                statement = (f"CREATE OR REPLACE TABLE {'.'.join(shard)} ({TABLE}) SELECT emp_no, "
                             f"{columns.replace('created', f'replaced {rng.random()}')} FROM emp_1.copy")
            else:
                number = len(created) + 1
                shard = (rng.choice(("emp_1", "emp_2")), f"employees_{100 + number}")
                self.shards[shard] = {}
                statement = (f"CREATE TABLE {'.'.join(shard)} ({TABLE}) SELECT "
                             f"emp_no + {number * NUMBERS_PER_TABLE} AS emp_no, {columns} "
                             f"FROM {'.'.join(rng.choice(SHARDS))} WHERE emp_no < {NUMBERS_PER_TABLE} "
                             f"AND emp_no % {rng.choice((2, 11, 11))} = 0")
            cursor.execute(statement)
        self.creations += 1
        return {shard}

    def transact(self):
        wanted = self.creation_wanted.is_set()
        if wanted or (self.rng.random() < CREATIONS_RATE and self.creations < CREATIONS_MAX):
            self.creation_wanted.clear()
            return self.create_from_select()
        with self.connection.cursor() as cursor:
            cursor.execute("BEGIN")
            statements, touched = self.steps()
            for statement, values in statements:
                cursor.execute(statement, values)
            cursor.execute("ROLLBACK" if self.rng.random() < 0.03 else "COMMIT")
        return touched

    # --- the journal ------------------------------------------------------------------------------
    def difference(self, shards=None):
        """Reads these tables (or all) back and returns what became different since the last entry."""
        deletes, puts, read = [], [], {}
        with self.connection.cursor() as cursor:
            position = position_of(self.server, cursor)
            for shard in shards or list(self.shards):
                now = self.rows_of(cursor, shard)
                before = self.shards[shard]
                for number, row in before.items():
                    if now.get(number) != row:
                        deletes.append((shard[0], doris_row(row, shard)[:2], None))
                for number, row in now.items():
                    if before.get(number) != row:
                        puts.append((shard[0], doris_row(row, shard)[:2], doris_row(row, shard)))
                read[shard] = now
        self.shards.update(read)  # all or none: the server may die while we read
        return Entry(position, deletes + puts)

    @staticmethod
    def rows_of(cursor, shard):
        try:
            cursor.execute(f"SELECT {COLUMNS} FROM {shard[0]}.{shard[1]}")
        except pymysql.MySQLError as error:
            if error.args[0] == NO_SUCH_TABLE and shard not in SHARDS:
                return {}  # the server died before it was made
            raise
        return {row[0]: row for row in cursor.fetchall()}

    def reconnect(self):
        with contextlib.suppress(pymysql.MySQLError):
            self.connection.close()

        def connected():
            self.connection = self.server.connect()
            return True
        wait_until("the workload to reach MySQL again", connected)

    def look_again(self):
        """What is different after the server went away, and perhaps again while it is asked."""
        while True:
            self.reconnect()
            with contextlib.suppress(pymysql.MySQLError, OSError):
                entry = self.difference()
                entry.uncertain = True
                return entry

    def run(self):
        try:
            while not self.stopping.is_set():
                if self.paused.is_set():
                    self.idle.set()
                    self.stopping.wait(PAUSE_S)
                    continue
                self.idle.clear()
                try:
                    entry = self.difference(self.transact())
                except (pymysql.MySQLError, OSError):
                    # The server went away, maybe in the middle of a commit: look what it holds.
                    if self.stopping.is_set():
                        break
                    entry = self.look_again()
                self.journal.append(entry)
                self.stopping.wait(PAUSE_S)
        except Exception as error:  # pylint: disable=broad-except  # reported to the main thread
            self.failure = error
            say(f"the workload failed: {error!r}")
        finally:
            self.idle.set()

    def pause(self):
        self.paused.set()
        self.idle.wait()

    def stop(self):
        self.stopping.set()
        self.join()

    def content(self):
        """What Doris must hold after all of it: {key: row}."""
        return {doris_row(row, shard)[:2]: doris_row(row, shard)
                for shard, rows in self.shards.items() for row in rows.values()}
