# ctest: charsets_mariadb, 120 s, slow: mariadb
# ctest: charsets_mysql9, 120 s, slow: mysql9
"""Every character set of the server gives the server's own text, from the snapshot and from the binlog.

    charsets.py mariadb|mysql9

A column of every set of information_schema.CHARACTER_SETS is given all characters of Unicode's first plane and some
beyond, of which the server makes '?' where the set does not have them, and in sets of single bytes every byte.
"""

import sys

from servers import Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until

BLOCK = 256  # characters of one row
BEYOND = [0x1F600, 0x20000, 0x2A600, 0xE0100, 0x10FF00]  # first characters of rows beyond the first plane
SURROGATES = range(0xD800, 0xE000)
BINLOG, UPDATED = 10000, 20000  # added to the ids of the same rows in the binlog
LAST = 9999  # id of the row of bytes


class Charsets:
    def __init__(self, folder, processes, kind):
        self.mysql = start_mysql(kind, folder / "mysql", max_allowed_packet="64M")
        self.mysql.create_user()
        self.doris = Minidoris(folder / "doris").start()
        self.millrace = Millrace(folder / "millrace", folder / "state")
        processes += [self.mysql, self.doris, self.millrace]
        self.script = folder / "charsets.sql"
        sets = self.mysql.run("SELECT CHARACTER_SET_NAME, MAXLEN FROM information_schema.CHARACTER_SETS ORDER BY 1")
        self.sets = [(name, int(length)) for name, length in sets if name != "binary"]
        expect(len(self.sets) >= 39, f"only {self.sets}")

    def prepare(self):
        columns = ", ".join(f"c_{name} TEXT CHARACTER SET {name}" for name, _ in self.sets)
        self.mysql.run("CREATE DATABASE bug", f"CREATE TABLE bug.t (id INT PRIMARY KEY, {columns})")
        doris = ", ".join(f"c_{name} string" for name, _ in self.sets)
        self.doris.run("CREATE DATABASE bug", f"CREATE TABLE bug.t (id int NOT NULL, {doris}) UNIQUE KEY(id) "
                       "DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES ('replication_num' = '1')")
        declared = ", ".join(f"c_{name} STRING" for name, _ in self.sets)
        self.script.write_text(f"""
SET execution.checkpointing.interval = 300ms;
CREATE TABLE s (id INT NOT NULL, {declared}, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{self.mysql.port}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'bug', 'table-name' = 't');
CREATE TABLE d (id INT NOT NULL, {declared}) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{self.doris.http_port}', 'table.identifier' = 'bug.t',
  'username' = 'root', 'password' = '');
INSERT INTO d SELECT * FROM s;
""", encoding="utf-8")

    def write(self):
        """All rows, with the ids of the snapshot."""
        connection = self.mysql.connect()
        count = len(self.sets)
        with connection.cursor() as cursor:
            cursor.execute("SET sql_mode = ''")
            for first in [*range(0, 0x10000, BLOCK), *BEYOND]:
                if first in SURROGATES:
                    continue
                text = "".join(map(chr, range(first, first + BLOCK)))
                cursor.execute(f"INSERT INTO bug.t VALUES (%s{', @t' * count})".replace("@t", "%s"),
                               [first // BLOCK] + [text] * count)
            every_byte = bytes(range(BLOCK)).hex()
            values = [f"_{name} X'{every_byte}'" if length == 1 else "NULL" for name, length in self.sets]
            cursor.execute(f"INSERT INTO bug.t VALUES ({LAST}, {', '.join(values)})")
        connection.close()

    def copy(self):
        """The same rows in the binlog, as inserts and as updates of rows with NULLs."""
        names = ", ".join(f"c_{name}" for name, _ in self.sets)
        picks = ", ".join(f"a.c_{name} = b.c_{name}" for name, _ in self.sets)
        self.mysql.run("SET sql_mode = ''",
                       f"INSERT INTO bug.t (id, {names}) SELECT id + {BINLOG}, {names} FROM bug.t",
                       f"INSERT INTO bug.t (id) SELECT id + {UPDATED} FROM bug.t WHERE id < {BINLOG}",
                       f"UPDATE bug.t a JOIN bug.t b ON a.id = b.id + {UPDATED} SET {picks}")

    def doris_rows(self):
        return {int(row[0]): row[1:] for row in self.doris.run("SELECT * FROM bug.t")}

    def go(self):
        self.prepare()
        self.write()
        wanted = {row[0]: row[1:] for row in self.mysql.run("SELECT * FROM bug.t")}
        self.millrace.start(self.script)
        wait_until("the snapshot", lambda: len(self.doris_rows()) == len(wanted), alive=self.millrace)
        self.copy()
        wait_until("the updates", lambda: self.doris_rows().get(LAST + UPDATED, [None])[0] is not None,
                   alive=self.millrace)
        rows = self.doris_rows()
        wrong = []
        for row, texts in wanted.items():
            for i, (name, _) in enumerate(self.sets):
                for phase, offset in (("snapshot", 0), ("insert", BINLOG), ("update", UPDATED)):
                    seen = rows[row + offset][i]
                    if seen != texts[i]:
                        at = next((k for k, (a, b) in enumerate(zip(seen or "", texts[i] or "")) if a != b), -1)
                        wrong.append(f"  {name}, row {row}, {phase}, character {at}: {(seen or '')[at:at + 4]!a}, "
                                     f"the server says {(texts[i] or '')[at:at + 4]!a}")
        expect(not wrong, "\n".join([f"{len(wrong)} texts are wrong:", *wrong[:40]]))
        expect(self.millrace.stop() == 0, "the status of a stopped job is not 0")
        say(f"{len(wanted)} texts of {len(self.sets)} character sets in three phases")


def test(kind):
    with playground(f"charsets-{kind}") as (folder, processes):
        Charsets(folder, processes, kind).go()


if __name__ == "__main__":
    main(test, sys.argv[1])
