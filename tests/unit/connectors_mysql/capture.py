#!/usr/bin/python3
"""Captures what a real server sends, for captured_test.cc: a binlog file and binary result rows.

    capture.py mariadb|mysql9 > captured/mariadb.txt

Run it again when a column or a value is added, then run the test with REWRITE=1 and read the diff.
Lines of the output: `server <version>`, `column <name>|<data type>|<column type>|<charset>|<declared>`
(declared as nothing: not needed by the job), `binlog <hex>` (the whole file in pieces), `result <hex>`
(one packet of the binary protocol per row).
"""

import struct
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "e2e"))
from servers import start_mysql  # pylint: disable=wrong-import-position

HEX_PER_LINE = 180
COM_STMT_PREPARE = 0x16
COM_STMT_EXECUTE = 0x17
ALL_BYTES = "X'" + "".join(f"{byte:02X}" for byte in range(0x20, 0x100)) + "'"

# Column type, declared type (None: nobody needs it), values.
COLUMNS = [
    ("TINYINT", "TINYINT", ["-128", "127", "-1"]),
    ("TINYINT UNSIGNED", "SMALLINT", ["255", "0"]),
    ("SMALLINT", "SMALLINT", ["-32768", "32767"]),
    ("SMALLINT UNSIGNED", "INT", ["65535", "0"]),
    ("MEDIUMINT", "INT", ["-8388608", "8388607"]),
    ("MEDIUMINT UNSIGNED", "INT", ["16777215", "0"]),
    ("INT", "INT", ["-2147483648", "2147483647"]),
    ("INT UNSIGNED", "BIGINT", ["4294967295", "0"]),
    ("BIGINT", "BIGINT", ["-9223372036854775808", "9223372036854775807"]),
    ("BIGINT UNSIGNED", "DECIMAL(20, 0)", ["18446744073709551615", "9223372036854775808", "7"]),
    ("BIGINT UNSIGNED", "STRING", ["18446744073709551615", "0"]),
    ("INT ZEROFILL", "STRING", ["42"]),
    ("TINYINT(1)", "BOOLEAN", ["1", "0", "2"]),
    ("DECIMAL(10,3)", "DECIMAL(10, 3)", ["-1234567.891", "0", "0.005"]),
    ("DECIMAL(10,3)", "DECIMAL(10, 1)", ["9.95", "-0.04", "-999.95"]),
    ("DECIMAL(10,3)", "DECIMAL(12, 5)", ["1.5", "-0.001"]),
    ("DECIMAL(10,2) ZEROFILL", "DECIMAL(10, 2)", ["12.3", "0.01"]),
    ("DECIMAL(18,9)", "STRING", ["-999999999.999999999", "1.000000001"]),
    ("DECIMAL(3,3)", "DECIMAL(3, 3)", ["0.999", "-0.001"]),
    ("DECIMAL(38,10)", "DECIMAL(38, 10)", ["-1234567890123456789012345678.0123456789"]),
    ("DECIMAL(65,30)", "STRING",
     ["12345678901234567890123456789012345.012345678901234567890123456789", "-0.5"]),
    ("FLOAT", "FLOAT", ["3.14", "-16777216", "1e-38"]),
    ("FLOAT", "DOUBLE", ["0.5", "-0.25"]),
    ("DOUBLE", "DOUBLE", ["3.141592653589793", "1e300", "-0.1"]),
    ("YEAR", "INT", ["2021", "0", "1901"]),
    ("YEAR", "STRING", ["2155", "0"]),
    ("DATE", "DATE", ["'2020-02-29'", "'9999-12-31'", "'1000-01-01'"]),
    ("DATE", "STRING", ["'0000-00-00'", "'2020-00-10'", "'2021-02-30'"]),
    ("TIME", "STRING", ["'-838:59:59'", "'00:00:01'", "'-00:00:01'"]),
    ("TIME(1)", "STRING", ["'-00:00:00.1'", "'838:59:58.9'", "'-01:00:00'"]),
    ("TIME(4)", "STRING", ["'-00:00:00.0001'", "'-12:34:56.7891'", "'-01:00:00'"]),
    ("TIME(6)", "STRING", ["'-01:02:03.000001'", "'25:00:00.5'", "'-00:00:01'"]),
    ("TIME(3)", "TIME(3)", ["'18:00:22.123'", "'23:59:59.999'"]),
    ("TIME(6)", "TIME(0)", ["'18:00:22.999999'"]),
    ("DATETIME", "TIMESTAMP(0)", ["'2020-07-17 18:00:22'", "'1000-01-01 00:00:00'"]),
    ("DATETIME(1)", "STRING", ["'2020-07-17 18:00:22.1'", "'0000-00-00 00:00:00'"]),
    ("DATETIME(3)", "TIMESTAMP(3)", ["'1969-12-31 23:59:59.999'", "'2020-07-17 00:00:00'"]),
    ("DATETIME(6)", "TIMESTAMP(6)", ["'9999-12-31 23:59:59.999999'", "'2020-07-17 18:00:22.1'"]),
    ("DATETIME(6)", "TIMESTAMP(3)", ["'2020-07-17 18:00:22.123999'", "'1969-12-31 23:59:59.999999'"]),
    ("DATETIME(2)", "STRING", ["'2021-02-30 01:02:03.04'", "'2020-00-00 01:00:00'"]),
    ("TIMESTAMP(2) NULL", "TIMESTAMP(2)", ["'2020-07-17 18:00:22.12'", "'2038-01-19 03:14:07.99'"]),
    ("TIMESTAMP NULL", "TIMESTAMP_LTZ(0)", ["'2020-07-17 18:00:22'", "'1970-01-01 00:00:01'"]),
    ("TIMESTAMP(6) NULL", "STRING", ["'0000-00-00 00:00:00'", "'2020-07-17 18:00:22.000001'"]),
    ("CHAR(10)", "STRING", ["'abc'", "'ab '", "''"]),
    ("CHAR(80)", "STRING", ["'数量'", "REPEAT('é', 80)"]),
    ("VARCHAR(300)", "STRING", ["'grün 数量 😀'", "'tab\\t line\\n quote\" back\\\\'", "' '"]),
    ("VARCHAR(10)", None, ["'skipped'", "''"]),
    ("VARCHAR(300) CHARACTER SET latin1", "STRING", ["'Grüße €'", f"CONVERT({ALL_BYTES} USING latin1)"]),
    ("VARCHAR(300) CHARACTER SET latin2", "STRING", ["'Łódź'", "''"]),
    ("VARCHAR(300) CHARACTER SET cp1251", "STRING", ["'Привет'"]),
    ("VARCHAR(20) CHARACTER SET gbk", "STRING", ["'数量'"]),
    ("VARCHAR(20) CHARACTER SET sjis", "STRING", ["'テスト'"]),
    ("VARCHAR(20) CHARACTER SET ucs2", "STRING", ["'é数'"]),
    ("VARCHAR(20) CHARACTER SET utf16le", "STRING", ["'é数😀'"]),
    ("VARCHAR(20) CHARACTER SET utf8mb3", "STRING", ["'été'"]),
    ("TEXT", "STRING", ["REPEAT('x', 300)", "''"]),
    ("TEXT CHARACTER SET latin1", "STRING", ["'naïve'", "''"]),
    ("ENUM('a','b','it''s','new\\nline','back\\\\slash')", "STRING",
     ["'it''s'", "'a'", "'back\\\\slash'", "'new\\nline'", "0"]),
    ("SET('x','y','z')", "STRING", ["'x,z'", "''", "'x,y,z'"]),
    ("BIT(1)", "BOOLEAN", ["b'1'", "b'0'"]),
    ("BIT(20)", "BIGINT", ["b'10000000000000000001'", "b'0'"]),
    ("BIT(64)", "BYTES", ["0x0102030405060708", "0xFFFFFFFFFFFFFFFF"]),
    ("BIT(12)", "STRING", ["b'111111111111'", "b'1'"]),
    ("BINARY(4)", "BYTES", ["'ab'", "X'00000000'", "X'61200000'"]),
    ("BINARY(4)", None, ["'ab'"]),
    ("VARBINARY(10)", "BYTES", ["X'00FF1000'", "''"]),
    ("BLOB", "BYTES", ["X'DEADBEEF'", "''"]),
    ("GEOMETRY", "BYTES", ["ST_GeomFromText('POINT(1 2)')"]),
]
ONLY_MARIADB = [
    ("TEXT COMPRESSED", "STRING", ["REPEAT('compressed ', 40)", "'short'", "''"]),
    ("VARCHAR(500) CHARACTER SET latin1 COMPRESSED", "STRING", ["REPEAT('é', 200)", "'é'"]),
    ("UUID", None, ["'6ccd780c-baba-1026-9564-5b8c656024db'"]),
    ("INET6", None, ["'2001:db8::ff00:42:8329'"]),
    ("JSON", "STRING", ["'{\"b\": [1, -2.5], \"a\":null}'"]),
]
ONLY_MYSQL = [
    ("JSON", "STRING",
     ["""'{"b": [1, -2.5, "x", null, true, false], "a": {"c": "d\\\\"e\\\\\\\\"}, "": []}'""",
      """'[1e20, 0.1, 100.0, 18446744073709551615, -9223372036854775808, 70000, -70000, 1e-15, 1.5e-16]'""",
      """JSON_ARRAY(CAST(1.10 AS DECIMAL(10,2)), CAST('2020-01-02' AS DATE),
         CAST('-12:34:56.5' AS TIME(6)), CAST('2020-01-02 03:04:05' AS DATETIME),
         CAST('abc' AS BINARY), b'1')""",
      """CAST('"\\\\u0001\\\\b\\\\f\\\\n\\\\r\\\\t/é\\\\u007f"' AS JSON)""",
      """JSON_OBJECT('long', REPEAT('y', 200), 'many', JSON_ARRAY(1, 1e15, 1e14, -0.0, 123456.789e3))""",
      """JSON_OBJECT('b', CAST(REPEAT('z', 70) AS BINARY))"""]),
    ("JSON", None, ["'{}'"]),
]


class Capture:
    def __init__(self, kind, folder):
        self.server = start_mysql(kind, folder)
        self.is_mysql = kind == "mysql9"
        self.columns = COLUMNS + (ONLY_MYSQL if self.is_mysql else ONLY_MARIADB)
        self.connection = self.server.connect()

    def run(self, sql):
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def insert(self, row):
        values = [values[row] if row < len(values) else "NULL" for _, _, values in self.columns]
        self.run(f"INSERT INTO types.t VALUES ({row}, {', '.join(values)})")

    def write(self):
        """Every value once, then an update, a delete and a compressed transaction."""
        definitions = ", ".join(f"c{i} {mysql}" for i, (mysql, _, _) in enumerate(self.columns))
        self.run("SET time_zone = '+00:00'")
        self.run("SET sql_mode = 'ALLOW_INVALID_DATES'")
        self.run("CREATE DATABASE types")
        self.run(f"CREATE TABLE types.t (id INT PRIMARY KEY, {definitions})")
        self.run("FLUSH BINARY LOGS")
        rows = max(len(values) for _, _, values in self.columns) + 1
        for row in range(rows):
            self.insert(row)
        self.run("UPDATE types.t SET c0 = 5 WHERE id = 1")
        self.run(f"DELETE FROM types.t WHERE id = {rows - 1}")
        log = self.run(self.server.position_statement)[0][0]
        variable = "binlog_transaction_compression" if self.is_mysql else "GLOBAL log_bin_compress"
        self.run(f"SET {variable} = ON")
        if self.is_mysql:
            self.run("SET gtid_next = 'AUTOMATIC:tagged'")
        self.run("UPDATE types.t SET id = id + 100 ORDER BY id DESC")
        self.run("FLUSH BINARY LOGS")
        return (self.server.data / log).read_bytes()

    def result_packets(self):
        connection = self.connection
        # pylint: disable=protected-access
        connection._execute_command(COM_STMT_PREPARE, "SELECT * FROM types.t ORDER BY id")
        prepared = connection._read_packet().get_all_data()
        statement, columns, parameters = struct.unpack_from("<IHH", prepared, 1)
        assert parameters == 0
        for _ in range(columns + 1):
            connection._read_packet()
        connection._execute_command(COM_STMT_EXECUTE, struct.pack("<IBI", statement, 0, 1))
        for _ in range(columns + 2):
            connection._read_packet()
        packets = []
        while True:
            packet = connection._read_packet().get_all_data()
            if packet[0] == 0xFE and len(packet) < 9:
                return packets
            packets.append(packet)

    def print(self):
        log = self.write()
        print("server", self.run("SELECT VERSION()")[0][0])
        described = self.run(
            "SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, COALESCE(CHARACTER_SET_NAME, '') FROM "
            "information_schema.COLUMNS WHERE TABLE_SCHEMA = 'types' ORDER BY ORDINAL_POSITION")
        declared = ["INT"] + [declared or "" for _, declared, _ in self.columns]
        for row, flink in zip(described, declared, strict=True):
            print("column", "|".join([*row, flink]))
        text = log.hex()
        for at in range(0, len(text), HEX_PER_LINE):
            print("binlog", text[at:at + HEX_PER_LINE])
        for packet in self.result_packets():
            print("result", packet.hex())
        for row in self.run("SELECT * FROM types.t ORDER BY id"):
            print(row, file=sys.stderr)
        self.connection.close()


def main():
    with tempfile.TemporaryDirectory() as folder:
        capture = Capture(sys.argv[1], Path(folder))
        try:
            capture.print()
        finally:
            capture.server.stop()


if __name__ == "__main__":
    main()
