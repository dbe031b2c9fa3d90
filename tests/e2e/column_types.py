# ctest: types_mariadb, 120 s, slow: mariadb
# ctest: types_mysql9, 120 s, slow: mysql9
"""Every type of column gives the same text from the snapshot, from an INSERT and from an UPDATE in the binlog.

    column_types.py mariadb|mysql9

Rows are written before the job starts, the same ones again while it follows the binlog, and once more by updates of
rows that were NULL; in Doris all must look the same, as is written here, and as the server itself prints the values
where it has a text for what they are declared as (`server_text`).
"""

import base64
import json
import random
import re
import struct
import sys

from servers import Minidoris, Millrace, expect, main, playground, say, start_mysql, wait_until

# Column type, declared type, values (SQL), and what must be in Doris (None: what the server says, or only that all
# phases are equal).
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



# What second_decoder.py does not compare.

def shapes(kind):
    """Every kind of geometry: WKT, and the text that Flink CDC makes of it. MariaDB reads no collection of collections."""
    ring = "(0 0,4 0,4 4,0 4,0 0)"
    ring_json = "[[0,0],[4,0],[4,4],[0,4],[0,0]]"
    hole, hole_json = "(1 1,2 1,2 2,1 1)", "[[1,1],[2,1],[2,2],[1,1]]"
    plain = [
        ("POINT(1 1)", "Point", "[1,1]"),
        ("POINT(-1.5 1e-7)", "Point", "[-1.5,1.0E-7]"),
        ("POINT(123456789.125 1e20)", "Point", "[1.23456789125E8,1.0E20]"),
        ("LINESTRING(3 0,3 3,3 5)", "LineString", "[[3,0],[3,3],[3,5]]"),
        (f"POLYGON({ring})", "Polygon", f"[{ring_json}]"),
        (f"POLYGON({ring},{hole})", "Polygon", f"[{ring_json},{hole_json}]"),
        ("MULTIPOINT(1 1,2 2)", "MultiPoint", "[[1,1],[2,2]]"),
        ("MULTILINESTRING((1 1,2 2,3 3),(4 4,5 5))", "MultiLineString", "[[[1,1],[2,2],[3,3]],[[4,4],[5,5]]]"),
        (f"MULTIPOLYGON((({ring[1:-1]}),({hole[1:-1]})),((5 5,7 5,7 7,5 7,5 5)))", "MultiPolygon",
         f"[[{ring_json},{hole_json}],[[[5,5],[7,5],[7,7],[5,7],[5,5]]]]")]
    for wkt, name, coordinates in plain:
        yield wkt, f'{{"coordinates":{coordinates},"type":"{name}","srid":SRID}}'
    line = '{"type":"LineString","coordinates":[[15,15],[20,20]]}'
    point = '{"type":"Point","coordinates":[10,10]}'
    collections = [
        ("GEOMETRYCOLLECTION(POINT(10 10),LINESTRING(15 15,20 20))", f"[{point},{line}]"),
        ("GEOMETRYCOLLECTION EMPTY", "[]")]
    if kind == "mysql9":
        collections.append(("GEOMETRYCOLLECTION(POINT(10 10),GEOMETRYCOLLECTION(LINESTRING(15 15,20 20)))",
                            f'[{point},{{"type":"GeometryCollection","geometries":[{line}]}}]'))
    for wkt, members in collections:
        yield wkt, f'{{"geometries":{members},"type":"GeometryCollection","srid":SRID}}'


def geometries(kind):
    """Columns of all kinds, as text and as bytes."""
    for declared in ("STRING", "BYTES"):
        values = {}
        for wkt, text in shapes(kind):
            for srid in (0, 3857):
                value = f"ST_GeomFromText('{wkt}', {srid})", text.replace("SRID", str(srid)) if declared == "STRING" else None
                values.setdefault("GEOMETRY", []).append(value)
                values.setdefault(re.match("[A-Z]+", wkt).group(0), []).append(value)
        for mysql, listed in values.items():
            yield mysql, declared, listed


# More of what both have: the ends of every type.
EXTREMES = [
    ("BIT(64)", "BYTES", [("X'0102030405060708'", "0807060504030201"), ("0", "0" * 16), (f"{2**64 - 1}", "F" * 16)]),
    ("BIT(64)", "STRING", [(f"{2**64 - 1}", str(2**64 - 1)), ("0", "0")]),
    ("BIT(63)", "BIGINT", [(f"{2**63 - 1}", str(2**63 - 1))]),
    ("DECIMAL(65, 30)", "STRING", [("-" + "9" * 35 + "." + "9" * 30, None), ("0", None), ("1e-30", None)]),
    ("DECIMAL(65, 0)", "STRING", [("9" * 65, None), ("-" + "9" * 65, None)]),
    ("DECIMAL(30, 30)", "STRING", [("-1e-30", None)]),
    *[(f"{name} UNSIGNED", "STRING", [(str(2**bits - 1), None), ("0", None)])
      for name, bits in (("TINYINT", 8), ("SMALLINT", 16), ("MEDIUMINT", 24), ("INT", 32), ("BIGINT", 64))],
    *[(name, "STRING", [(str(-2**(bits - 1)), None), (str(2**(bits - 1) - 1), None), ("-1", None)])
      for name, bits in (("TINYINT", 8), ("SMALLINT", 16), ("MEDIUMINT", 24), ("INT", 32), ("BIGINT", 64))],
    ("YEAR", "STRING", [("0", "0000"), ("1901", "1901"), ("2155", "2155")]),
    ("DATE", "STRING", [("'0001-01-01'", None), ("'9999-12-31'", None), ("'2024-00-00'", None)]),
    ("DATE", "DATE", [("'0001-01-01'", None), ("'0000-00-00'", "NULL"), ("'9999-12-31'", None)]),
    ("DATETIME(6)", "TIMESTAMP(6)", [("'9999-12-31 23:59:59.999999'", None), ("'1000-01-01 00:00:00'", None),
                                     ("'0000-00-00 00:00:00'", "NULL"), ("'0001-01-01 00:00:00.000001'", None)]),
    ("DATETIME", "STRING", [("'0000-00-00 00:00:00'", None), ("'2024-00-10 11:12:13'", None)]),
    ("TIMESTAMP(6) NULL", "TIMESTAMP(6)", [("'1970-01-01 00:00:01'", None), ("'2038-01-19 03:14:07.999999'", None),
                                           ("'1970-01-01 00:00:01.000001'", None), ("0", "NULL")]),
    ("TIMESTAMP(6) NULL", "STRING", [("'1970-01-01 00:00:01'", None), ("'2038-01-19 03:14:07.999999'", None),
                                     ("0", None)]),
    ("TIMESTAMP NULL", "STRING", [("0", "0000-00-00 00:00:00")]),
    *[(f"TIME({digits})", "STRING", [("'-838:59:59'", None), ("'838:59:59'", None), ("'-00:00:00.9'", None),
                                     ("'-01:00:00'", None), ("'-00:59:59.123456'", None), ("'-00:00:00.000001'", None)])
      for digits in range(7)],
    ("TIME(3)", "TIME(3)", [("'23:59:59.999'", None), ("'00:00:00.001'", None)]),
]
# What MySQL alone has.
VECTORS = [
    ("VECTOR(3)", "STRING", [("TO_VECTOR('[1,2.5,-0.1]')", "[1.00000e+00,2.50000e+00,-1.00000e-01]"),
                             ("TO_VECTOR('[1e-30,3.4e38,123456789]')", None)]),
    ("VECTOR(3)", "BYTES", [("TO_VECTOR('[1,2.5,-0.1]')", "0000803F00002040CDCCCCBD"), ("TO_VECTOR('[1]')", None)]),
    ("VECTOR(3)", "ARRAY<FLOAT>", [("TO_VECTOR('[1,2.5,-0.1]')", "[1.0, 2.5, -0.1]")]),
]
JSON_VALUES = [
    "CAST(1.50 AS DECIMAL(10, 3))", "CAST(-123456789012345678901234567890.1 AS DECIMAL(65, 30))", "DATE '2020-01-02'",
    "DATE '0001-01-01'", "CAST('-10:11:12.5' AS TIME(3))", "CAST('838:59:59' AS TIME)", "CAST('-00:00:00.000001' AS TIME(6))",
    "TIMESTAMP '2020-01-02 03:04:05'", "TIMESTAMP '9999-12-31 23:59:59.999999'", "X'00FF10'", "b'101'",
    "CAST(REPEAT('x', 100) AS BINARY)", "CAST(2020 AS YEAR)", "ST_GeomFromText('POINT(1 2.5)', 4326)",
    "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1))')", "TRUE", "NULL", "18446744073709551615", "-9223372036854775808",
    "-0e0", "1e15", "1e14", "123456789012345680e0", "1e-15", "1e-16", "0.1e0", "1.7976931348623157e308", "5e-324", "'é\"\\\\\t/'",
    "'\\b\\f\u0001'", "JSON_OBJECT('', 1, 'b', 2, 'aa', 3)", "JSON_ARRAY()"]
# JSON of the values of columns: other opaque types than those of expressions.
JSON_OF_COLUMNS = ("BLOB X'00FF'", "TINYBLOB X'01'", "LONGBLOB REPEAT('y',200)", "BINARY(4) X'61'", "VARBINARY(4) X'6100'",
                   "BIT(1) 1", "BIT(64) 18446744073709551615", "YEAR 2021", "YEAR 0", "TIMESTAMP(3) '2020-01-02 03:04:05.678'",
                   "DATETIME '2020-01-02 03:04:05'", "DATETIME(6) '0000-00-00 00:00:00'", "DATE '0000-00-00'", "TIME(6) '-838:59:59'",
                   "FLOAT 1.1", "DOUBLE 1.1", "ENUM('a','b') 'b'", "SET('a','b') 'a,b'", "POINT ST_GeomFromText('POINT(1 2)')",
                   "DECIMAL(65,30) '1.5'", "CHAR(4) 'ab'", "JSON '[1]'")


def bytes_columns(form):
    """Columns of bytes as text; `form`: bytes -> text."""
    pairs = [("BINARY(4)", "'ab'", b"ab\0\0"), ("VARBINARY(10)", "'ab'", b"ab"), ("TINYBLOB", "''", b""),
             ("BLOB", "'\u00e9'", "é".encode()), ("LONGBLOB", "REPEAT('x', 70000)", b"x" * 70000),
             ("BIT(12)", "0x141", b"A\1"), ("BIT(1)", "1", b"\1")]
    for mysql, value, content in pairs:
        yield mysql, "STRING", [(value, form(content))]
    yield "VARBINARY(10)", "BYTES", [("'ab'", "6162")]
    yield "POINT", "STRING", [("ST_GeomFromText('POINT(1 1)')", '{"coordinates":[1,1],"type":"Point","srid":0}')]
    yield "VARCHAR(10)", "STRING", [("'ab'", "ab")]


def unreadable_columns():
    """The same with bytes that are no text."""
    yield "BLOB", "STRING", [("X'00FF10AB'", "00FF10AB")]


BYTES_AS = [
    ("'bytes-as' = 'text'", bytes.decode),
    ("'bytes-as' = 'hex'", lambda content: content.hex().upper()),
    ("'bytes-as' = 'base64'", lambda content: base64.b64encode(content).decode()),
    ("'debezium.binary.handling.mode' = 'hex'", bytes.hex),
    ("'debezium.binary.handling.mode' = 'base64'", lambda content: base64.b64encode(content).decode())]


def server_text(mysql, flink, name):
    """The server's own text of a column under a declared type, as SQL; None where there is none."""
    base = re.match(r"[A-Z0-9]+", mysql).group(0)
    geometry = base in ("GEOMETRY", "POINT", "LINESTRING", "POLYGON", "GEOMETRYCOLLECTION") or base.startswith("MULTI")
    if flink == "BYTES":
        return None if base == "BIT" else f"HEX({f'ST_AsBinary({name})' if geometry else name})"
    if base == "YEAR" and flink == "INT":
        return f"CAST({name} + 0 AS CHAR)"
    if flink.startswith(("BOOLEAN", "ARRAY", "FLOAT", "DOUBLE")) or geometry or base == "FLOAT":
        return None
    if base == "BIT":
        return f"CAST({name} + 0 AS CHAR)"
    if base == "VECTOR":
        return f"VECTOR_TO_STRING({name})"
    rounds = base == "DECIMAL" and flink.startswith("DECIMAL") and flink != mysql
    return None if rounds or base.endswith(("BINARY", "BLOB")) else f"CONVERT({name} USING utf8mb4)"


class Types:
    """One table of columns, through one job."""

    def __init__(self, folder, servers, name, columns, options=""):
        self.mysql, self.doris, self.name, self.columns, self.options = *servers, name, list(columns), options
        self.millrace = Millrace(folder / name, folder / name / "state")
        self.script = folder / f"{name}.sql"
        self.rows = max(len(values) for _, _, values in self.columns)

    def prepare(self):
        columns = ", ".join(f"c{i} {mysql}" for i, (mysql, _, _) in enumerate(self.columns))
        self.mysql.run(f"CREATE TABLE types.{self.name} (id INT PRIMARY KEY, {columns})")
        doris = ", ".join(f"c{i} string" for i in range(len(self.columns)))
        self.doris.run(f"CREATE TABLE demo.{self.name} (id int NOT NULL, {doris}) UNIQUE KEY(id) "
                       "DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES ('replication_num' = '1')")
        source = ",\n  ".join(f"c{i} {flink}" for i, (_, flink, _) in enumerate(self.columns))
        sink = ",\n  ".join(f"c{i} {'BYTES' if flink == 'BYTES' else 'STRING'}"
                            for i, (_, flink, _) in enumerate(self.columns))
        picks = ", ".join(f"c{i}" if flink == "BYTES" else f"CAST(c{i} AS STRING)"
                          for i, (_, flink, _) in enumerate(self.columns))
        self.script.write_text(f"""
SET execution.checkpointing.interval = 300ms;
CREATE TABLE s (id INT NOT NULL, {source}, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{self.mysql.port}',
  'username' = 'cdc', 'password' = 'cdc-secret', 'database-name' = 'types', 'table-name' = '{self.name}'{self.options});
CREATE TABLE d (id INT NOT NULL, {sink}) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{self.doris.http_port}',
  'query-port' = '{self.doris.query_port}', 'table.identifier' = 'demo.{self.name}', 'username' = 'root',
  'password' = '', 'sink.label-prefix' = 'types', 'sink.bytes-as' = 'hex');
INSERT INTO d SELECT id, {picks} FROM s;
""", encoding="utf-8")

    def insert(self, first):
        """All values once, from this id on; the last row is all NULL."""
        statements = []
        for row in range(self.rows):
            values = [values[row][0] if row < len(values) else "NULL" for _, _, values in self.columns]
            statements.append(f"INSERT INTO types.{self.name} VALUES ({first + row}, {', '.join(values)})")
        self.mysql.run("SET sql_mode = '', time_zone = '+00:00'", *statements,
                       f"INSERT INTO types.{self.name} (id) VALUES ({first + self.rows})")

    def update(self, first, other):
        """Rows of NULLs from this id on become those from the other id on, the last one last."""
        picks = ", ".join(f"a.c{i} = b.c{i}" for i in range(len(self.columns)))
        self.mysql.run("SET sql_mode = ''", *[f"INSERT INTO types.{self.name} (id) VALUES ({first + row})"
                                              for row in range(self.rows + 1)],
                       f"UPDATE types.{self.name} a JOIN types.{self.name} b ON a.id = b.id + {first - other} SET {picks} "
                       f"WHERE a.id BETWEEN {first} AND {first + self.rows}",
                       f"DELETE FROM types.{self.name} WHERE id = {first + self.rows}")

    def doris_rows(self):
        return {int(row[0]): row[1:] for row in self.doris.run(f"SELECT * FROM demo.{self.name}")}

    def server_rows(self):
        texts = ["NULL" if self.options and mysql.startswith("BIT") else server_text(mysql, flink, f"c{i}") or "NULL"
                 for i, (mysql, flink, _) in enumerate(self.columns)]
        rows = self.mysql.run("SET time_zone = '+00:00'", f"SELECT id, {', '.join(texts)} FROM types.{self.name}")
        return {row[0]: row[1:] for row in rows}

    def follow(self):
        """All three phases; the rows of Doris and those of the server."""
        self.insert(1)
        self.millrace.start(self.script)
        wait_until("the snapshot", lambda: len(self.doris_rows()) == self.rows + 1, alive=self.millrace)
        self.insert(1001)
        wait_until("the binlog", lambda: len(self.doris_rows()) == 2 * (self.rows + 1), alive=self.millrace)
        self.update(3001, 1)
        self.mysql.run(f"UPDATE types.{self.name} SET id = 2001 WHERE id = 1001")
        wait_until("a changed key", lambda: 2001 in self.doris_rows() and 1001 not in self.doris_rows(),
                   alive=self.millrace)
        rows, server = self.doris_rows(), self.server_rows()
        expect(rows.keys() == server.keys(), f"other keys: {rows.keys() ^ server.keys()}")
        rows[1001] = rows.pop(2001)
        return rows, server

    def go(self):
        self.prepare()
        rows, server = self.follow()
        wrong, compared = [], 0
        for row in range(self.rows):
            for i, (mysql, flink, values) in enumerate(self.columns):
                phases = [rows[first + row][i] for first in (1, 1001, 3001)]
                wanted = values[row][1] if row < len(values) else "NULL"
                said = server[1 + row][i]
                if said is not None and wanted not in (None, said, "NULL"):
                    wrong.append(f"  {mysql} as {flink}: {wanted!r:.80} is expected, and the server says {said!r:.80}")
                if wanted is None:
                    wanted = phases[0] if said is None else said
                wanted = None if wanted == "NULL" else wanted
                compared += said is not None
                if phases != [wanted] * 3:
                    shown = values[row][0][:60] if row < len(values) else "NULL"
                    wrong.append(f"  {mysql} as {flink}, {shown}: snapshot, insert, update: "
                                 f"{[f'{text!r:.80}' for text in phases]}, expected {wanted!r:.80}")
        expect(all(value is None for value in rows[1 + self.rows]), "a row of NULLs has values")
        expect(not wrong, "\n".join([f"{len(wrong)} values are wrong:", *wrong]))
        expect(self.millrace.stop() == 0, "the status of a stopped job is not 0")
        say(f"{self.name}: {sum(len(values) for _, _, values in self.columns)} values of {len(self.columns)} columns in "
            f"three phases, {compared} of them with the server's own text")

    def refused(self, words):
        """The job ends with these words, which the way out changes."""
        self.prepare()
        self.insert(1)
        self.millrace.start(self.script)
        wait_until("the job to end", lambda: not self.millrace.running())
        expect(self.millrace.status() == 3 and words in self.millrace.log(),
               f"status {self.millrace.status()}\n{self.millrace.log_tail()}")


def json_columns(mysql):
    """JSON of every value of JSON_VALUES, and of the columns of JSON_OF_COLUMNS."""
    mysql.run("SET sql_mode = ''", "CREATE TABLE types.opaque (" + ", ".join(
        f"o{i} {column.split(' ', 1)[0]}{' NULL' if column.startswith('TIMESTAMP') else ''}"
        for i, column in enumerate(JSON_OF_COLUMNS)) + ")",
        f"INSERT INTO types.opaque VALUES ({', '.join(column.split(' ', 1)[1] for column in JSON_OF_COLUMNS)})")
    values = [(f"JSON_ARRAY({value})", None) for value in JSON_VALUES]
    values += [(f"CAST({value} AS JSON)", None) for value in JSON_VALUES if not value.startswith(("'", "JSON", "TRUE"))]
    values += [(f"(SELECT JSON_OBJECT('v', o{i}) FROM types.opaque)", None) for i in range(len(JSON_OF_COLUMNS))]
    values += [("JSON_ARRAY(" + ", ".join(JSON_VALUES * 20) + ")", None)]
    choose = random.Random(11)
    for _ in range(40):
        doubles = [struct.unpack("<d", choose.randbytes(8))[0], choose.uniform(-1e6, 1e6), 10.0 ** choose.randrange(-25, 25)]
        values.append((f"CAST('{json.dumps([d for d in doubles if abs(d) < 1e308])}' AS JSON)", None))
    for value in values:
        yield "JSON", "STRING", [value]


def test(kind):
    with playground(f"types-{kind}") as (folder, processes):
        mysql = start_mysql(kind, folder / "mysql")
        mysql.create_user()
        mysql.run("CREATE DATABASE types")
        doris = Minidoris(folder / "doris").start()
        doris.run("CREATE DATABASE demo")
        processes += [mysql, doris]

        def types(name, columns, options=""):
            run = Types(folder, (mysql, doris), name, columns, options)
            processes.append(run.millrace)
            return run

        types("all_types", COLUMNS + (ONLY_MYSQL if kind == "mysql9" else ONLY_MARIADB)).go()
        types("extremes", EXTREMES).go()
        types("geometries", geometries(kind)).go()
        if kind == "mysql9":
            types("vectors", VECTORS).go()
            types("json", json_columns(mysql)).go()
        for i, (option, form) in enumerate(BYTES_AS):
            types(f"bytes_{i}", bytes_columns(form), f", {option}").go()
        types("no_text", unreadable_columns(), ", 'bytes-as' = 'text'").refused(
            "value x'00ff10ab' of column types.no_text.c0 is not UTF-8; set 'bytes-as' to 'hex' or 'base64'")
        types("as_hex", unreadable_columns(), ", 'bytes-as' = 'hex'").go()
        types("not_asked", unreadable_columns()).refused("or set 'bytes-as' to 'text', 'hex' or 'base64' there")


if __name__ == "__main__":
    main(test, sys.argv[1])
