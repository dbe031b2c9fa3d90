# ctest: cut_everywhere_mariadb, 180 s, slow: mariadb
# ctest: cut_everywhere_mysql9, 180 s, slow: mysql9
"""A recorded session of the binlog is read again and again, and the connection breaks after every n-th
byte of it: at any byte of any event. What comes out is the same each time, each change once.

    cut_everywhere.py mariadb|mysql9 [STEP]
"""

import sys

from proxy import Proxy
from servers import Millrace, expect, main, playground, say, start_mysql

STEP = 47  # bytes between two cuts
COM_BINLOG_DUMP = (0x12, 0x1e)

QUERY = """
CREATE TABLE t (kind STRING METADATA FROM 'row_kind' VIRTUAL, name STRING METADATA FROM 'table_name' VIRTUAL,
  id BIGINT, v STRING, n INT, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{port}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'd', 'table-name' = 't_[0-9]',
  'scan.startup.mode' = 'specific-offset', 'scan.startup.specific-offset.file' = '{file}',
  'scan.startup.specific-offset.pos' = '{offset}');
SELECT kind, name, id, v, n FROM t LIMIT {rows};
"""

SESSION = [
    "INSERT INTO d.t_1 VALUES (1, 'one', 1), (2, 'two', 2), (3, NULL, 3)",
    ["INSERT INTO d.t_1 VALUES (4, 'four', 4)", "UPDATE d.t_1 SET v = 'both' WHERE id < 3",
     "INSERT INTO d.t_2 SELECT id, v, n FROM d.t_1", "DELETE FROM d.t_1 WHERE id = 1"],
    "ALTER TABLE d.t_1 ADD COLUMN extra INT FIRST",
    "UPDATE d.t_1 SET n = n + 10",
    ["SAVEPOINT a", "INSERT INTO d.t_2 VALUES (9, 'gone', 9)", "ROLLBACK TO SAVEPOINT a",
     "UPDATE d.t_2 SET v = REPEAT('long ', 100) WHERE id = 2"],
    "FLUSH BINARY LOGS",
    "CREATE TABLE d.t_3 (id BIGINT PRIMARY KEY, v VARCHAR(1000), n INT)",
    "INSERT INTO d.t_3 SELECT id, v, n FROM d.t_2",
    "REPLACE INTO d.t_3 VALUES (2, 'replaced', 2)",
]
ROWS = 3 + 1 + 4 + 4 + 1 + 6 + 2 + 4 + 2


class OneCut:
    """Cuts the first dump of a binlog after so many bytes of it; lets all else through."""

    def __init__(self, proxy):
        self.after = None
        self.seen = 0  # bytes of the latest dump
        self.proxy = proxy
        proxy.rewrite = lambda statement: statement
        proxy.on_command = self.on_command

    def on_command(self, link, command):
        if command in COM_BINLOG_DUMP:
            link.left["to client"] = self.after
            self.after = None


class CutEverywhere:
    def __init__(self, folder, processes, kind):
        # A server keeps the dump of a lost connection until it next writes to it.
        settings = {"max_connections": 1_000}
        if kind == "mysql9":
            settings["binlog_transaction_compression"] = "ON"
        self.mysql = start_mysql(kind, folder / "mysql", **settings)
        processes.append(self.mysql)
        self.mysql.create_user()
        self.mysql.run("CREATE DATABASE d",
                       *[f"CREATE TABLE d.t_{i} (id BIGINT PRIMARY KEY, v VARCHAR(1000), n INT)"
                         for i in (1, 2)])
        self.file, self.offset = self.mysql.run(self.mysql.position_statement)[0][:2]
        self.record()
        self.proxy = Proxy(self.mysql.port)
        self.cut = OneCut(self.proxy)
        self.millrace = Millrace(folder / "millrace", folder / "state")

    def record(self):
        connection = self.mysql.connect(database="d")
        with connection.cursor() as cursor:
            for step in SESSION:
                for statement in ["BEGIN", *step, "COMMIT"] if isinstance(step, list) else [step]:
                    cursor.execute(statement)
        connection.close()
        logs = self.mysql.run("SHOW BINARY LOGS")
        self.bytes = sum(int(log[1]) for log in logs if log[0] >= self.file) - int(self.offset)

    def read(self):
        text = QUERY.format(port=self.proxy.port, file=self.file, offset=self.offset, rows=ROWS)
        status, out, err = self.millrace.once("-c", text)
        expect(status == 0, f"status {status}\n{out}{err}")
        return "\n".join(line for line in out.splitlines() if line.startswith("|"))

    def test(self, step):
        wanted = self.read()
        expect(wanted.count("\n") >= ROWS, f"not {ROWS} changes\n{wanted}")
        cuts = 0
        for after in range(1, self.bytes, step):
            self.cut.after = after
            before = self.proxy.cuts
            seen = self.read()
            expect(seen == wanted, f"after a cut at byte {after}:\n{seen}\ninstead of\n{wanted}")
            cuts += self.proxy.cuts - before
        expect(cuts > self.bytes / step / 2, f"{cuts} cuts only")
        say(f"{cuts} cuts, one after every {step} bytes of {self.bytes}: the same {ROWS} changes")


def cut_everywhere(kind, step):
    with playground("cut") as (folder, processes):
        CutEverywhere(folder, processes, kind).test(step)


if __name__ == "__main__":
    main(cut_everywhere, sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else STEP)
