# ctest: schema_changes_mariadb, 240 s, slow: mariadb --seeds 1-20
# ctest: schema_changes_mysql9, 240 s, slow: mysql9 --seeds 1-20
"""Tables are altered at random while the job reads them, lags, is stopped or killed.

    schema_changes.py mariadb|mysql9 [--seeds 1-20] [--keep-going]

Each seed has a database with some tables of one pattern, a job, and a random walk of transactions, DDL of many
kinds, stops, kills and lags, under a random binlog_row_metadata. In the end Doris must be equal to MySQL in the
declared columns; with 'ddl.removed-rows' = 'keep', which half of the walks have, it also holds the rows that DDL
took away. Some walks end with something that cannot be followed, a change that takes a declared column away or a
row image that is not FULL: then the job must have stopped there, and Doris be equal to what it would hold just
before. A seed that fails prints its statements, and does the same again.
"""

import argparse
import contextlib
import random
import re
import signal
import sys
import time

from servers import Millrace, Minidoris, TestFailure, expect, main, playground, say, start_mysql, wait_until

DECLARED = ["a", "b", "k"]
# For columns that nobody declared: of every width and kind in the log.
TYPES = ["TINYINT", "SMALLINT UNSIGNED", "MEDIUMINT", "INT", "BIGINT UNSIGNED", "FLOAT", "DOUBLE", "DECIMAL(7,3)",
         "DECIMAL(30,10)", "BIT(3)", "BIT(17)", "DATE", "TIME", "TIME(3)", "DATETIME", "DATETIME(6)",
         "TIMESTAMP NULL", "TIMESTAMP(2) NULL", "YEAR", "CHAR(3)", "CHAR(100)", "VARCHAR(20)",
         "VARCHAR(300) CHARACTER SET latin1", "VARCHAR(70) CHARACTER SET utf8mb4", "BINARY(4)", "VARBINARY(300)",
         "TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT", "TINYBLOB", "BLOB", "LONGBLOB", "JSON",
         "ENUM('x','y')", "SET('p','q','r')", "CHAR(5) CHARACTER SET ucs2", "NATIONAL VARCHAR(9)", "BOOL"]
# What the declared columns may be: `a` and `b` are STRING, `k` is BIGINT.
TEXTS = ["VARCHAR(40)", "VARCHAR(80)", "VARCHAR(300)", "CHAR(60)", "TINYTEXT", "TEXT", "MEDIUMTEXT",
         "VARCHAR(60) CHARACTER SET latin1", "VARCHAR(60) CHARACTER SET ucs2",
         "VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"]
MIXED = ["INT", "BIGINT", "VARCHAR(30)", "TEXT", "SMALLINT", "CHAR(20)", "MEDIUMINT UNSIGNED"]
INTEGERS = ["TINYINT", "SMALLINT", "MEDIUMINT", "INT", "BIGINT", "INT UNSIGNED", "TINYINT UNSIGNED"]
CHOICES = {"a": TEXTS, "b": MIXED, "k": INTEGERS}
METADATA = {"mariadb": ["NO_LOG", "MINIMAL", "FULL"], "mysql9": ["MINIMAL", "FULL"]}

SCRIPT = """
SET 'pipeline.name' = '{name}';
SET 'execution.checkpointing.interval' = '100 ms';
CREATE TABLE s (db STRING METADATA FROM 'database_name' VIRTUAL, t STRING METADATA FROM 'table_name' VIRTUAL,
  id INT NOT NULL, a STRING, b STRING, k BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = '{name}', 'table-name' = 't_[0-9]+'{options});
CREATE TABLE d (db STRING, t STRING, id INT, a STRING, b STRING, k BIGINT) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'jdbc-url' = 'jdbc:mysql://127.0.0.1:{query}',
  'table.identifier' = '{name}.d', 'username' = 'root', 'password' = '', 'sink.label-prefix' = '{name}');
INSERT INTO d SELECT db, t, id, a, b, k FROM s;
"""


class Table:
    """A table of MySQL as the walk knows it: {column: type} in its order."""

    def __init__(self, name, columns):
        self.name = name
        self.columns = columns

    def undeclared(self):
        return [name for name in self.columns if name.lower() not in ["id", *DECLARED]]

    def named(self, declared):
        """How the table spells a declared column."""
        return next(name for name in self.columns if name.lower() == declared)

    def move(self, name, type_, place, new_name=None):
        """MODIFY or CHANGE of a column, or ADD of a new one, with FIRST, AFTER or nothing."""
        new_name = new_name or name
        entries = [(new_name if key == name else key, type_ if key == name else value)
                   for key, value in self.columns.items()]
        if name not in self.columns:
            entries.append((new_name, type_))
        if place:
            entry = next(e for e in entries if e[0] == new_name)
            entries.remove(entry)
            at = 0 if place == "FIRST" else [e[0] for e in entries].index(place) + 1
            entries.insert(at, entry)
        self.columns = dict(entries)


class Walk:
    def __init__(self, world, seed):
        self.world = world
        self.random = random.Random(f"{world.kind}-{seed}")
        self.name = f"w{seed}"
        self.deletes = self.random.random() < 0.5
        self.tables = {}
        self.outside = {}  # those that no pattern matches
        self.arrived = set()  # names of tables that had another name before
        self.stay = {}     # rows in Doris that no captured table has any more, by table and id
        self.next_id = 1
        self.next_name = 0
        self.statements = []
        self.job = None

    # --- statements -------------------------------------------------------------------------------
    def run(self, *statements):
        for statement in statements:
            self.statements.append(statement)
        self.world.mysql.run(f"USE {self.name}", *statements)

    def quoted(self, name):
        return f"`{name}`" if self.random.random() < 0.5 else name

    def fresh(self, prefix):
        self.next_name += 1
        return f"{prefix}{self.next_name}"

    def create(self, name):
        columns = {"id": "INT"}
        order = DECLARED + [self.fresh("x") for _ in range(self.random.randrange(4))]
        self.random.shuffle(order)
        for column in order:
            columns[column] = self.random.choice(CHOICES.get(column, TYPES))
        charset = self.random.choice(["", " CHARACTER SET latin1", " DEFAULT CHARSET=utf8mb4", " COLLATE utf8mb4_bin"])
        body = ", ".join(f"{self.quoted(key)} {value}{' PRIMARY KEY' if key == 'id' else ''}"
                         for key, value in columns.items())
        self.run(f"CREATE TABLE {name} ({body}){charset}")
        self.tables[name] = Table(name, columns)

    def value(self, column, type_):
        if self.random.random() < 0.1:
            return "NULL"
        number = self.random.randrange(100)
        if column == "k" or type_ in MIXED and column == "b":
            return str(number)
        return f"'{column}{number}'"

    def write(self):
        """A transaction or a single statement in one or several tables."""
        statements = []
        for _ in range(self.random.randrange(1, 5)):
            table = self.random.choice(list(self.tables.values()))
            names = {column: table.named(column) for column in DECLARED}
            kind = self.random.choice(["insert", "insert", "insert", "update", "delete"])
            if kind == "insert":
                rows = []
                for _ in range(self.random.randrange(1, 4)):
                    values = [self.value(column, table.columns[names[column]]) for column in DECLARED]
                    rows.append(f"({self.next_id}, {', '.join(values)})")
                    self.next_id += 1
                statements.append(f"INSERT INTO {table.name} (id, {', '.join(names.values())}) VALUES {', '.join(rows)}")
            elif kind == "update":
                column = self.random.choice(DECLARED)
                value = self.value(column, table.columns[names[column]])
                statements.append(f"UPDATE {table.name} SET {names[column]} = {value} "
                                  f"WHERE id % {self.random.randrange(2, 9)} = 0")
            else:
                statements.append(f"DELETE FROM {table.name} WHERE id % {self.random.randrange(5, 19)} = 1")
        if self.random.random() < 0.5:
            statements = ["BEGIN", *statements, "COMMIT"]
        self.run(*statements)

    # --- changes that leave the declared columns readable ------------------------------------------
    def place(self, table, column):
        others = [name for name in table.columns if name != column]
        return self.random.choice([None, None, "FIRST", *others])

    @staticmethod
    def placed(place):
        return "" if place is None else " FIRST" if place == "FIRST" else f" AFTER `{place}`"

    def clause(self, table):
        """One clause of an ALTER TABLE, applied to our copy too; None if there is nothing to change."""
        kind = self.random.choice(["add", "add", "drop", "modify", "rename", "move", "widen", "spell", "index"])
        extra = self.random.choice(table.undeclared()) if table.undeclared() else None
        if kind == "add":
            name, type_ = self.fresh("x"), self.random.choice(TYPES)
            place = self.place(table, name)
            table.move(name, type_, place)
            return f"ADD {self.random.choice(['COLUMN ', ''])}{self.quoted(name)} {type_}{self.placed(place)}"
        if kind == "drop" and extra:
            del table.columns[extra]
            return f"DROP {self.random.choice(['COLUMN ', ''])}{self.quoted(extra)}"
        if kind == "modify" and extra:
            # The values are NULL, so that every type is as good as any other.
            type_, place = self.random.choice(TYPES), self.place(table, extra)
            table.move(extra, type_, place)
            return f"MODIFY {self.quoted(extra)} {type_}{self.placed(place)}"
        if kind == "rename" and extra:
            name = self.fresh("x")
            type_ = table.columns[extra]
            table.move(extra, type_, None, name)
            if self.random.random() < 0.5:
                return f"RENAME COLUMN {self.quoted(extra)} TO {self.quoted(name)}"
            return f"CHANGE {self.quoted(extra)} {self.quoted(name)} {type_}"
        column = table.named(self.random.choice(DECLARED))
        type_ = table.columns[column]
        if kind == "move":
            place = self.place(table, column)
            table.move(column, type_, place)
            return f"MODIFY COLUMN {self.quoted(column)} {type_}{self.placed(place)}"
        if kind == "spell":
            name = column.swapcase()
            table.move(column, type_, None, name)
            return f"CHANGE COLUMN {self.quoted(column)} {self.quoted(name)} {type_}"
        if kind == "index":
            return f"ADD INDEX {self.fresh('i')} ({self.quoted(table.named('k'))})"
        if kind == "widen":
            wider = {"a": "TEXT", "b": "TEXT", "k": "BIGINT"}[column.lower()]
            table.move(column, wider, None)
            return f"MODIFY {self.quoted(column)} {wider}"
        return None

    def alter(self):
        table = self.random.choice(list(self.tables.values()))
        before = dict(table.columns)
        clauses = []
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            clause = self.clause(table)
            if clause:
                clauses.append(clause)
        if not clauses:
            return
        name = self.random.choice([table.name, f"`{table.name}`", f"{self.name}.{table.name}",
                                   f"/* c */ {table.name}"])
        try:
            self.run(f"ALTER TABLE {name} {', '.join(clauses)}")
        except Exception as error:  # one column twice in a statement, a value that does not fit
            self.statements[-1] = f"-- refused ({error}): {self.statements[-1]}"
            table.columns = before

    def convert(self):
        table = self.random.choice(list(self.tables.values()))
        self.run(f"ALTER TABLE {table.name} DEFAULT CHARACTER SET {self.random.choice(['utf8mb4', 'latin1'])}")

    def replace(self):
        """What gh-ost and pt-online-schema-change do: a copy that is altered takes the place of the table. Not at the
        very moment at which the job looks at the tables for the first time: what becomes of a copy that it did not see
        may stay unknown, and end the job."""
        if "table(s) match" not in self.job.log():
            return
        table = self.random.choice(list(self.tables.values()))
        self.run(f"CREATE TABLE _new LIKE {table.name}")
        shadow = Table("_new", dict(table.columns))
        clause = self.clause(shadow)
        if clause:
            self.run(f"ALTER TABLE _new {clause}")
        into = ", ".join(f"`{shadow.named(column)}`" for column in DECLARED)
        read = ", ".join(f"`{table.named(column)}`" for column in DECLARED)
        self.run(f"INSERT INTO _new (id, {into}) SELECT id, {read} FROM {table.name}",
                 f"RENAME TABLE {table.name} TO _old, _new TO {table.name}", "DROP TABLE _old")
        table.columns = shadow.columns

    def add_table(self):
        name = f"t_{len(self.tables) + 1 + self.random.randrange(1000)}"
        if name in self.tables:
            return
        if self.random.random() < 0.5:
            model = self.random.choice(list(self.tables.values()))
            self.run(f"CREATE TABLE {name} LIKE {model.name}")
            self.tables[name] = Table(name, dict(model.columns))
        else:
            self.create(name)

    # --- rows that DDL takes away -------------------------------------------------------------------
    def may_lose_rows(self):
        """Names of tables. What stays is only known where the job has surely read it."""
        if self.deletes:
            return list(self.tables)
        return [name for name in self.tables if name not in self.arrived] if self.has_read_all() else []

    def has_read_all(self):
        """A checkpoint is after the snapshot; the log may call one so that is still in it."""
        with contextlib.suppress(FileNotFoundError):  # files come and go
            return any(re.search('"phase": *"streaming"', path.read_text(encoding="utf-8"))
                       for path in (self.world.folder / "state" / "millrace" / self.name).glob("chk-*.json"))
        return False

    def fresh_table(self):
        self.next_name += 1
        return f"t_{10000 + self.next_name}"

    def lose(self, name):
        """The rows of a table are about to be taken away."""
        if not self.deletes:
            self.stay.update({(row[0], row[1]): row for row in self.rows_of(self.tables[name])})

    def truncate(self):
        names = self.may_lose_rows()
        if not names:
            return
        name = self.random.choice(names)
        self.lose(name)
        self.run(f"TRUNCATE {self.random.choice(['TABLE ', ''])}{name}")

    def drop(self):
        names = self.may_lose_rows()
        if len(self.tables) < 2 or not names:
            return
        name = self.random.choice(names)
        self.lose(name)
        self.run(f"DROP TABLE {self.random.choice(['IF EXISTS ', ''])}{name}")
        del self.tables[name]
        if self.random.random() < 0.5:
            self.create(name if self.deletes else self.fresh_table())

    def rename_out(self):
        names = self.may_lose_rows()
        if len(self.tables) < 2 or not names:
            return
        name, new = self.random.choice(names), self.fresh("out")
        self.lose(name)
        self.run(self.random.choice([f"RENAME TABLE {name} TO {new}", f"ALTER TABLE {name} RENAME {new}"]))
        self.outside[new] = self.tables.pop(name)
        self.outside[new].name = new

    def rename_in(self):
        if not self.outside:
            return
        name, new = self.random.choice(list(self.outside)), self.fresh_table()
        self.arrived.add(new)
        if self.random.random() < 0.5:
            self.run(f"INSERT INTO {name} (id) VALUES ({self.next_id}), ({self.next_id + 1})")
            self.next_id += 2
        self.run(self.random.choice([f"RENAME TABLE {name} TO {new}", f"ALTER TABLE {name} RENAME TO {new}"]))
        self.tables[new] = self.outside.pop(name)
        self.tables[new].name = new

    def swap(self):
        """Two captured tables get each other's names, or one gets another name of the pattern."""
        if not self.deletes or not self.tables:
            return
        one = self.random.choice(list(self.tables))
        if len(self.tables) < 2 or self.random.random() < 0.3:
            new = self.fresh_table()
            self.run(f"RENAME TABLE {one} TO {new}")
            self.tables[new] = self.tables.pop(one)
            self.tables[new].name = new
            return
        two = self.random.choice([name for name in self.tables if name != one])
        self.run(f"RENAME TABLE {one} TO aside, {two} TO {one}, aside TO {two}")
        self.tables[one], self.tables[two] = self.tables[two], self.tables[one]
        self.tables[one].name, self.tables[two].name = one, two

    def drop_empty(self):
        """Its rows are deleted one by one before, so that Doris loses them too."""
        if len(self.tables) < 2:
            return
        name = self.random.choice(list(self.tables))
        self.run(f"DELETE FROM {name}", f"DROP TABLE {name}")
        del self.tables[name]
        if self.random.random() < 0.7:
            self.create(name)

    def change(self):
        kinds = [self.write] * 8 + [self.alter] * 6 + [
            self.replace, self.add_table, self.drop_empty, self.convert, self.truncate, self.drop, self.rename_out,
            self.rename_in, self.rename_in, self.swap]
        self.random.choice(kinds)()

    # --- the job -----------------------------------------------------------------------------------
    def start(self):
        """Until it hears signals."""
        seen = len(self.job.log())
        self.job.start(self.script)
        wait_until("the job to start", lambda: re.search("resuming from|starting[; ]", self.job.log()[seen:]),
                   alive=self.job)

    def suspend(self):
        """Not while it reads tables: DDL would wait for the end of that transaction."""
        self.job.child.send_signal(signal.SIGSTOP)
        wait_until("its last queries to end", lambda: not self.world.mysql.run(
            "SELECT id FROM information_schema.processlist WHERE user = 'cdc' AND command = 'Query'"))
        if self.world.mysql.run("SELECT trx_id FROM information_schema.innodb_trx"):
            self.job.child.send_signal(signal.SIGCONT)

    def interrupt(self):
        kind = self.random.choice(["stop", "kill", "lag", "none", "none"])
        changes = self.random.randrange(1, 6)
        if kind == "none":
            self.change()
            return
        self.statements.append(f"-- {kind}, {changes} changes")
        if kind == "stop":
            expect(self.job.stop() == 0,
                   f"a job that was asked to stop ended with {self.job.status()}\n{self.job.log_tail()}")
        elif kind == "kill":
            self.job.kill()
        else:
            self.suspend()
        for _ in range(changes):
            self.change()
        if kind == "lag":
            self.job.child.send_signal(signal.SIGCONT)
        else:
            self.start()

    # --- the walk ----------------------------------------------------------------------------------
    def rows_of(self, table):
        columns = ", ".join(f"`{table.named(column)}`" for column in DECLARED)
        rows = self.world.mysql.run(f"SELECT id, {columns} FROM {self.name}.{table.name}")
        return [tuple(map(str, (table.name, *row))) for row in rows]

    def source(self):
        """What Doris should hold."""
        rows = dict(self.stay)
        for table in self.tables.values():
            rows.update({(row[0], row[1]): row for row in self.rows_of(table)})
        return sorted(rows.values())

    def target(self):
        return sorted(tuple(map(str, row))
                      for row in self.world.doris.run(f"SELECT t, id, a, b, k FROM {self.name}.d"))

    def follows(self, wanted, alive):
        try:
            wait_until("Doris to be equal to MySQL", lambda: self.target() == wanted, 20,
                       alive=self.job if alive else None)
        except TestFailure as failure:
            seen = self.target()
            lines = [f"only in {'Doris' if row in seen else 'MySQL'}: {row}"
                     for row in sorted(set(seen) ^ set(wanted))[:10]]
            raise TestFailure("\n".join([str(failure), *lines])) from None

    def break_it(self):
        """What was before must arrive, and the job end there. Without a checkpoint a table would just be one of those
        that never had the column."""
        wait_until("a checkpoint after the snapshot", self.has_read_all, alive=self.job)
        self.breakable = [table for table in self.tables.values() if table.name not in self.arrived]
        if self.deletes or not self.breakable:
            # A table that has to be read is read as it is then.
            self.breakable = list(self.tables.values())
            self.follows(self.source(), alive=True)
            seen = len(self.job.log())
            self.run(f"INSERT INTO {next(iter(self.tables))} (id) VALUES (99998)")
            wait_until("another checkpoint", lambda: re.search("checkpoint .* complete .* streaming", self.job.log()[seen:]),
                       alive=self.job)
        self.random.choice([self.take_column_away, self.take_column_away, self.write_less_than_rows])()

    def write_less_than_rows(self):
        """A session logs only some columns of a row. One that it changes, so that the job needs the others."""
        table = self.random.choice(self.breakable)
        self.run(f"INSERT INTO {table.name} (id, {table.named('k')}) VALUES ({self.next_id}, 1)")
        wanted = self.source()
        self.run("SET SESSION binlog_row_image = 'MINIMAL'",
                 f"UPDATE {table.name} SET {table.named('k')} = 2 WHERE id = {self.next_id}")
        self.ends_with(wanted, "binlog_row_image = 'FULL'")

    def take_column_away(self):
        wanted = self.source()
        table = self.random.choice(self.breakable)
        column = table.named(self.random.choice(DECLARED))
        statement = self.random.choice([
            f"ALTER TABLE {table.name} RENAME COLUMN {column} TO gone", f"ALTER TABLE {table.name} DROP {column}",
            f"ALTER TABLE {table.name} CHANGE {column} gone VARCHAR(50), ADD z INT FIRST",
            f"ALTER TABLE {table.name} DROP {column}, ADD {column} VARBINARY(9)"])
        self.run(statement, f"UPDATE {table.name} SET id = id + 100000", f"INSERT INTO {table.name} (id) VALUES (99999)")
        self.ends_with(wanted, f"declared column \"{column.lower()}\"", f"{self.name}.{table.name}", "--fresh")

    def ends_with(self, wanted, *words):
        wait_until("the job to end", lambda: not self.job.running(), 20)
        log = self.job.log()
        expect(self.job.status() not in (0, -signal.SIGKILL), f"status {self.job.status()}")
        for word in words:
            expect(word in log, f"the last message has no {word!r}\n{self.job.log_tail()}")
        self.follows(wanted, alive=False)
        self.start()
        wait_until("the job to end again", lambda: not self.job.running(), 20)
        self.follows(wanted, alive=False)

    def walk(self):
        world = self.world
        metadata = self.random.choice(METADATA[world.kind])
        self.statements.append(f"-- binlog_row_metadata = {metadata}")
        world.mysql.run(f"SET GLOBAL binlog_row_metadata = '{metadata}'", f"CREATE DATABASE {self.name}"
                        + self.random.choice(["", " CHARACTER SET latin1", " COLLATE utf8mb4_bin"]))
        world.doris.run(f"CREATE DATABASE {self.name}",
                        f"CREATE TABLE {self.name}.d (t varchar(50), id int, a string, b string, k bigint, db string) "
                        "UNIQUE KEY(t, id) DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES ('replication_num' = '1')")
        for number in range(self.random.randrange(1, 4)):
            self.create(f"t_{number}")
        for _ in range(5):
            self.write()
        self.script = world.folder / f"{self.name}.sql"
        option = ", 'ddl.removed-rows' = 'delete'" if self.deletes else ""
        self.script.write_text(SCRIPT.format(name=self.name, mysql=world.mysql.port, http=world.doris.http_port,
                                             query=world.doris.query_port, options=option), encoding="utf-8")
        self.job = Millrace(world.folder / self.name, world.folder / "state")
        world.processes.append(self.job)
        try:
            self.start()
            if self.random.random() < 0.7:
                wait_until("the snapshot", lambda: "streaming" in self.job.log(), alive=self.job)
            for _ in range(self.random.randrange(4, 10)):
                self.interrupt()
            if self.random.random() < 0.3:
                self.break_it()
            else:
                self.follows(self.source(), alive=True)
                expect(self.job.stop() == 0, f"the job ended with {self.job.status()}")
        except TestFailure as failure:
            raise TestFailure("\n".join([str(failure), *self.statements])) from None
        finally:
            self.job.kill()
            world.processes.remove(self.job)
            world.mysql.run(f"DROP DATABASE {self.name}")


class World:
    def __init__(self, folder, processes, kind):
        self.folder, self.processes, self.kind = folder, processes, kind
        self.mysql = start_mysql(kind, folder / "mysql", sync_binlog=0, innodb_flush_log_at_trx_commit=2)
        processes.append(self.mysql)
        self.mysql.create_user()
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()


def test(kind, seeds, keep_going):
    failed = []
    with playground(f"schema-{kind}") as (folder, processes):
        world = World(folder, processes, kind)
        for seed in seeds:
            began = time.monotonic()
            walk = Walk(world, seed)
            try:
                walk.walk()
            except TestFailure as failure:
                say(f"seed {seed} FAILED: {failure}")
                failed.append(seed)
                if not keep_going:
                    raise
            else:
                say(f"seed {seed}: {len(walk.statements)} statements, {time.monotonic() - began:.1f} s")
    expect(not failed, f"{len(failed)} of {len(seeds)} seeds failed: {failed}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["mariadb", "mysql9"])
    parser.add_argument("--seeds", default="1-10")
    parser.add_argument("--keep-going", action="store_true")
    options = parser.parse_args()
    first, last = re.fullmatch(r"(\d+)(?:-(\d+))?", options.seeds).groups()
    main(test, options.kind, range(int(first), int(last or first) + 1), options.keep_going)
    sys.exit(0)
