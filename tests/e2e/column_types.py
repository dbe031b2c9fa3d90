# ctest: types_mariadb, 120 s, slow: mariadb
# ctest: types_mysql9, 120 s, slow: mysql9
"""Every type of column gives the same text from the snapshot and from the binlog.

    column_types.py mariadb|mysql9

A row is written before the job starts, the same row again while it follows the binlog; in Doris both must
look the same, as what MySQL itself says the values are.
"""

import random
import sys

from servers import Minidoris, Millrace, expect, main, playground, say, start_mysql, wait_until

# Column type, declared type, values (SQL), and what must be in Doris (None: only both phases equal).
COLUMNS = [
    ("TINYINT", "TINYINT", [("-128", "-128"), ("127", "127")]),
    ("TINYINT UNSIGNED", "SMALLINT", [("255", "255")]),
    ("SMALLINT", "SMALLINT", [("-32768", "-32768")]),
    ("SMALLINT UNSIGNED", "INT", [("65535", "65535")]),
    ("MEDIUMINT", "INT", [("-8388608", "-8388608"), ("8388607", "8388607")]),
    ("MEDIUMINT UNSIGNED", "INT", [("16777215", "16777215")]),
    ("INT", "INT", [("-2147483648", "-2147483648")]),
    ("INT UNSIGNED", "BIGINT", [("4294967295", "4294967295")]),
    ("BIGINT", "BIGINT", [("-9223372036854775808", "-9223372036854775808")]),
    ("BIGINT UNSIGNED", "DECIMAL(20, 0)", [("18446744073709551615", "18446744073709551615")]),
    ("TINYINT(1)", "BOOLEAN", [("1", "TRUE"), ("0", "FALSE")]),
    ("DECIMAL(10, 3)", "DECIMAL(10, 3)", [("-1234567.891", "-1234567.891"), ("0", "0.000"),
                                          ("0.005", "0.005")]),
    ("DECIMAL(38, 10)", "DECIMAL(38, 10)", [("-1234567890123456789012345678.0123456789",
                                             "-1234567890123456789012345678.0123456789")]),
    ("DECIMAL(65, 30)", "STRING", [("12345678901234567890123456789012345.012345678901234567890123456789",
                                    "12345678901234567890123456789012345."
                                    "012345678901234567890123456789")]),
    ("DECIMAL(10, 3)", "DECIMAL(10, 1)", [("9.95", "10.0"), ("-0.04", "0.0")]),
    ("FLOAT", "FLOAT", [("3.14", "3.14"), ("16777217", None), ("-0.1", "-0.1"), ("123456.789", None)]),
    ("DOUBLE", "DOUBLE", [("3.141592653589793", "3.141592653589793"), ("1e300", "1.0E300"),
                          ("0.1", "0.1")]),
    ("FLOAT", "STRING", [("1.5", "1.5")]),
    ("YEAR", "INT", [("2021", "2021"), ("0", "0")]),
    ("YEAR", "STRING", [("1999", "1999"), ("0", "0000")]),
    ("DATE", "DATE", [("'2020-02-29'", "2020-02-29"), ("'9999-12-31'", "9999-12-31"),
                      ("'1000-01-01'", "1000-01-01")]),
    ("DATE", "STRING", [("'0000-00-00'", "0000-00-00"), ("'2020-00-10'", "2020-00-10")]),
    ("TIME", "STRING", [("'-838:59:59'", "-838:59:59"), ("'00:00:01'", "00:00:01"),
                        ("'-00:00:01'", "-00:00:01")]),
    ("TIME(6)", "STRING", [("'-01:02:03.000001'", "-01:02:03.000001"), ("'25:00:00.5'", "25:00:00.500000")]),
    ("TIME(3)", "TIME(3)", [("'18:00:22.123'", "18:00:22.123")]),
    ("DATETIME", "TIMESTAMP(0)", [("'2020-07-17 18:00:22'", "2020-07-17 18:00:22")]),
    ("DATETIME(1)", "STRING", [("'2020-07-17 18:00:22.1'", "2020-07-17 18:00:22.1")]),
    ("DATETIME(3)", "TIMESTAMP(3)", [("'1969-12-31 23:59:59.999'", "1969-12-31 23:59:59.999")]),
    ("DATETIME(6)", "TIMESTAMP(6)", [("'2020-07-17 18:00:22.123456'", "2020-07-17 18:00:22.123456")]),
    ("DATETIME(6)", "STRING", [("'0000-00-00 00:00:00'", "0000-00-00 00:00:00.000000")]),
    ("TIMESTAMP(2) NULL", "TIMESTAMP(2)", [("'2020-07-17 18:00:22.12'", "2020-07-17 18:00:22.12")]),
    ("TIMESTAMP NULL", "TIMESTAMP_LTZ(0)", [("'2020-07-17 18:00:22'", "2020-07-17 18:00:22")]),
    ("CHAR(10)", "STRING", [("'abc'", "abc"), ("'ab '", "ab"), ("''", "")]),
    ("VARCHAR(300)", "STRING", [("'grün 数量 😀'", "grün 数量 😀"), ("'tab\\t line\\n quote\" back\\\\'",
                                                                    'tab\t line\n quote" back\\')]),
    ("VARCHAR(20) CHARACTER SET latin1", "STRING", [("'Grüße €'", "Grüße €")]),
    ("VARCHAR(20) CHARACTER SET gbk", "STRING", [("'数量'", "数量")]),
    ("VARCHAR(20) CHARACTER SET big5", "STRING", [("_big5 X'A145A4A4C6A5C7F3F9FE'", "•中ぁ⑴?")]),
    ("VARCHAR(20) CHARACTER SET ujis", "STRING", [("_ujis X'F6A18FF5A18FA2B78FA1A17A'",
                                                   "\ue05e\ue3ac~?z")]),
    ("VARCHAR(20) CHARACTER SET euckr", "STRING", [("_euckr X'B0A1A2E87A'", "가?z")]),
    ("TEXT", "STRING", [("REPEAT('x', 60000)", "x" * 60000)]),
    ("LONGTEXT CHARACTER SET utf8mb3", "STRING", [("'été'", "été")]),
    ("ENUM('a','b','it''s')", "STRING", [("'it''s'", "it's"), ("'a'", "a")]),
    ("SET('x','y','z')", "STRING", [("'x,z'", "x,z"), ("''", "")]),
    ("SET('x','y','z')", "ARRAY<STRING>", [("'x,z'", "[x, z]"), ("''", "[]"), ("'y'", "[y]")]),
    ("BIT(1)", "BOOLEAN", [("b'1'", "TRUE")]),
    ("BIT(20)", "BIGINT", [("b'10000000000000000001'", "524289")]),
    ("BINARY(4)", "BYTES", [("'ab'", "61620000")]),
    ("VARBINARY(10)", "BYTES", [("X'00FF10'", "00FF10"), ("''", "")]),
    ("BLOB", "BYTES", [("X'DEADBEEF'", "DEADBEEF")]),
    ("JSON", "STRING", [("""'{"b": [1, -2.5, "x", null, true], "a": {"c": "d\\\\"e"}}'""", None),
                        ("""'[]'""", "[]"), ("""'"text"'""", '"text"'), ("'12345678901'", "12345678901"),
                        ("""'[1e20, 0.1, 100.0, 18446744073709551615]'""", None)]),
]

def addresses():
    """INET6 values with zeros in all places."""
    groups = random.Random(6)
    for _ in range(40):
        yield "'" + ":".join(f"{groups.choice([0, 0, 0, 1, 255, 0xffff, 0x102]):x}" for _ in range(8)) + "'", None


# What MySQL does not have.
ONLY_MARIADB = [
    ("UUID", "STRING", [("'00112233-4455-1677-8899-aabbccddeeff'", "00112233-4455-1677-8899-aabbccddeeff"),
                        ("'01932c07-209c-7a25-a4b4-6e1b6a3c8d00'", "01932c07-209c-7a25-a4b4-6e1b6a3c8d00"),
                        ("'00000000-0000-0000-0000-000000000000'", "00000000-0000-0000-0000-000000000000")]),
    ("INET4", "STRING", [("'1.2.3.4'", "1.2.3.4"), ("'0.0.0.0'", "0.0.0.0"), ("'32.32.32.32'", "32.32.32.32")]),
    ("INET6", "STRING", [("'1:2:3::'", "1:2:3::"), ("'::'", "::"), ("'::ffff:1.2.3.0'", "::ffff:1.2.3.0"),
                         *addresses()]),
]

# What MariaDB does not have.
ONLY_MYSQL = [
    ("VARCHAR(20) CHARACTER SET gb18030", "STRING", [("_gb18030 X'A6D9823590378431A530D6D0'",
                                                      "\ue78d\u9fb4?中")]),
]


class Types:
    def __init__(self, folder, processes, kind):
        COLUMNS.extend(ONLY_MYSQL if kind == "mysql9" else ONLY_MARIADB)
        self.mysql = start_mysql(kind, folder / "mysql")
        processes.append(self.mysql)
        self.mysql.create_user()
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.millrace = Millrace(folder / "millrace", folder / "state")
        processes.append(self.millrace)
        self.script = folder / "types.sql"
        self.rows = max(len(values) for _, _, values in COLUMNS)

    def prepare(self):
        columns = ", ".join(f"c{i} {mysql}" for i, (mysql, _, _) in enumerate(COLUMNS))
        self.mysql.run("CREATE DATABASE types",
                       f"CREATE TABLE types.t (id INT PRIMARY KEY, {columns})")
        doris = ", ".join(f"c{i} string" for i in range(len(COLUMNS)))
        self.doris.run("CREATE DATABASE demo",
                       f"CREATE TABLE demo.t (id int NOT NULL, {doris}) UNIQUE KEY(id) "
                       "DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES ('replication_num' = '1')")
        source = ",\n  ".join(f"c{i} {flink}" for i, (_, flink, _) in enumerate(COLUMNS))
        sink = ",\n  ".join(f"c{i} {'BYTES' if flink == 'BYTES' else 'STRING'}"
                            for i, (_, flink, _) in enumerate(COLUMNS))
        picks = ", ".join(f"c{i}" if flink == "BYTES" else f"CAST(c{i} AS STRING)"
                          for i, (_, flink, _) in enumerate(COLUMNS))
        self.script.write_text(f"""
SET execution.checkpointing.interval = 300ms;
CREATE TABLE s (id INT NOT NULL, {source}, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{self.mysql.port}',
  'username' = 'cdc', 'password' = 'cdc-secret', 'database-name' = 'types', 'table-name' = 't');
CREATE TABLE d (id INT NOT NULL, {sink}) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{self.doris.http_port}',
  'query-port' = '{self.doris.query_port}', 'table.identifier' = 'demo.t', 'username' = 'root',
  'password' = '', 'sink.label-prefix' = 'types', 'sink.bytes-as' = 'hex');
INSERT INTO d SELECT id, {picks} FROM s;
""", encoding="utf-8")

    def insert(self, first):
        """All values once, from this id on; the last row is all NULL."""
        mode = "SET SESSION sql_mode = ''"
        for row in range(self.rows):
            values = [values[row][0] if row < len(values) else "NULL" for _, _, values in COLUMNS]
            self.mysql.run(mode, f"INSERT INTO types.t VALUES ({first + row}, {', '.join(values)})")
        self.mysql.run(f"INSERT INTO types.t (id) VALUES ({first + self.rows})")

    def doris_rows(self):
        return {int(row[0]): row[1:] for row in self.doris.run("SELECT * FROM demo.t")}

    def go(self):
        self.prepare()
        self.insert(1)
        self.millrace.start(self.script)
        wait_until("the snapshot", lambda: len(self.doris_rows()) == self.rows + 1, alive=self.millrace)
        self.insert(1001)
        wait_until("the binlog", lambda: len(self.doris_rows()) == 2 * (self.rows + 1),
                   alive=self.millrace)
        self.mysql.run("UPDATE types.t SET c0 = c0 WHERE id = 1", "UPDATE types.t SET id = 2001 WHERE id = 1001")
        wait_until("a changed key", lambda: 2001 in self.doris_rows() and 1001 not in self.doris_rows(),
                   alive=self.millrace)
        rows = self.doris_rows()
        rows[1001] = rows.pop(2001)
        wrong = []
        for row in range(self.rows + 1):
            for i, (mysql, flink, values) in enumerate(COLUMNS):
                snapshot, binlog = rows[1 + row][i], rows[1001 + row][i]
                wanted = values[row][1] if row < len(values) else "NULL"
                if wanted == "NULL":
                    wanted = None
                elif wanted is None:
                    wanted = snapshot  # only that both agree
                if not snapshot == binlog == wanted:
                    shown = values[row][0][:60] if row < len(values) else "NULL"
                    wrong.append(f"  {mysql} as {flink}, {shown}: snapshot {snapshot!r:.80}, "
                                 f"binlog {binlog!r:.80}, expected {wanted!r:.80}")
        expect(not wrong, "\n".join([f"{len(wrong)} values are wrong:", *wrong]))
        expect(self.millrace.stop() == 0, "the status of a stopped job is not 0")
        say(f"{sum(len(values) for _, _, values in COLUMNS)} values of {len(COLUMNS)} columns in two phases")


def test(kind):
    with playground(f"types-{kind}") as (folder, processes):
        Types(folder, processes, kind).go()


if __name__ == "__main__":
    main(test, sys.argv[1])
