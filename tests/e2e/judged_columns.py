"""The columns that second_decoder.py compares: their types, values for them, and when what Millrace shows of a
value is what the library mysql-replication read.

Where the two differ in form only, a rule of `agree` says how. Values that the library cannot read are not judged,
each for a reason of UNJUDGED and only if Millrace's text is of the kind that the reason is about. Columns of types
that it does not know at all are left out: VECTOR, and MariaDB's compressed columns.
"""

import codecs
import dataclasses
import datetime
import decimal
import json
import math
import re
import struct
from typing import Callable

import column_types

DIFFERENT = "different"
EQUAL = "equal"
UNJUDGED = {
    "zero date": "a date with a zero in it has no form in Python, the library gives None",
    "JSON null": "the library gives None for it and for NULL",
}

# Character sets whose names Python does not know, or knows for another one: without a byte order mark Python's
# utf16 and utf32 begin with the low byte, and its latin1 is not Windows's.
PYTHON_CODECS = {
    "utf8mb4": "utf_8", "utf8mb3": "utf_8", "latin1": "cp1252", "latin2": "iso8859_2", "latin5": "iso8859_9",
    "latin7": "iso8859_13", "greek": "iso8859_7", "hebrew": "iso8859_8", "koi8r": "koi8_r", "koi8u": "koi8_u",
    "ucs2": "utf_16_be", "utf16": "utf_16_be", "utf16le": "utf_16_le", "utf32": "utf_32_be", "ujis": "euc_jp",
    "eucjpms": "euc_jp", "euckr": "euc_kr", "macroman": "mac_roman", "macce": "mac_latin2", "tis620": "tis_620",
    "gb2312": "gb2312", "gbk": "gbk", "big5": "big5", "gb18030": "gb18030", "sjis": "shift_jis", "cp932": "cp932",
    "ascii": "ascii", "cp850": "cp850", "cp852": "cp852", "cp866": "cp866", "cp1250": "cp1250",
    "cp1251": "cp1251", "cp1256": "cp1256", "cp1257": "cp1257"}

# Characters in which MySQL and Python have the same codes. Some codes of big5, ujis, euckr and gb18030 are other
# characters for MySQL; column_types.py compares those with what the server says.
LETTERS = {
    "utf8mb4": "üß€数量😀\u0301é\u2028", "utf8mb3": "üß€数量\u0301é", "latin1": "üß€Žé", "latin2": "ąĘłŃőŘ",
    "latin5": "ğİşü", "latin7": "ąčęž", "greek": "αβγΏ", "hebrew": "אבגת", "koi8r": "Привет", "koi8u": "Їжак",
    "ucs2": "ü数€", "utf16": "ü数😀", "utf16le": "ü数😀", "utf32": "ü数😀", "ujis": "日本語カ", "eucjpms": "日本語カ",
    "euckr": "한국어", "macroman": "éüÄ", "macce": "ąčŘ", "tis620": "กขค", "gb2312": "数量中文", "gbk": "数量中文",
    "big5": "中文數量", "gb18030": "数量中文😀", "sjis": "日本語カ", "cp932": "日本語カ", "ascii": "~", "cp850": "éüÄ",
    "cp852": "ąčŘ", "cp866": "Привет", "cp1250": "ąčŘ", "cp1251": "Привет", "cp1256": "سلام", "cp1257": "ąčęž"}
ONLY_MYSQL_CHARSETS = ("gb18030",)
COMMON = "aZ09 ,;'\"\\\n\t\0%_"

MANY_LABELS = ", ".join(f"'l{i}'" for i in range(300))
SET_LABELS = ", ".join(f"'s{i}'" for i in range(64))

# Types that column_types.py does not have. Every type is declared as STRING or BYTES here.
MORE_TYPES = [
    "TINYINT ZEROFILL", "DECIMAL(1, 0)", "DECIMAL(18, 9)", "DECIMAL(30, 30)", "DECIMAL(65, 0)", "BIT(64)", "BIT(7)",
    "TIME(1)", "TIME(2)", "TIME(4)", "TIME(5)", "DATETIME(2)", "DATETIME(4)", "DATETIME(5)", "TIMESTAMP(1) NULL",
    "TIMESTAMP(3) NULL", "TIMESTAMP(4) NULL", "TIMESTAMP(5) NULL", "TIMESTAMP(6) NULL", "CHAR(255)",
    "CHAR(64) CHARACTER SET latin1", "VARCHAR(20)", "VARCHAR(255) CHARACTER SET ascii",
    "VARCHAR(256) CHARACTER SET ascii", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "BINARY(255)", "VARBINARY(300)",
    "TINYBLOB", "MEDIUMBLOB", "LONGBLOB", f"ENUM({MANY_LABELS})", f"SET({SET_LABELS})", "GEOMETRY", "POINT"]
BYTES_TYPES = ("BINARY", "VARBINARY", "TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB", "GEOMETRY", "POINT", "BIT")

# Documents in every form of MySQL's binary JSON. A time of day within a day only: the library has no other, and
# gives the opaque values of other types as text in which bytes are missing.
JSON_LITERALS = [
    "'null'", "'true'", "'{}'", "'[[], {}, \"\"]'", "'-32769'", "'4294967296'", "'1e-7'",
    "JSON_OBJECT('d', CAST(-1.50 AS DECIMAL(30, 2)), 'at', CAST('10:11:12.5' AS TIME(6)))",
    "JSON_ARRAY(TIMESTAMP '2020-01-02 03:04:05.678901', DATE '2020-02-29', 0.1e0, 12345678901234567890)",
    "JSON_OBJECT('k', REPEAT('é', 40000), 'a', JSON_ARRAY(1, 70000, NULL, true))"]


@dataclasses.dataclass
class Column:
    name: str
    mysql: str  # its type in CREATE TABLE
    declared: str  # its type in Millrace's CREATE TABLE
    literals: list  # values, as SQL; each of them occurs
    random: Callable  # makes further ones from a random.Random; None if there are none

    def base(self):
        return re.match(r"[A-Z0-9]+", self.mysql).group(0)

    def number(self, position=0):
        found = re.findall(r"\d+", self.mysql.split("CHARACTER SET", maxsplit=1)[0])
        return int(found[position]) if len(found) > position else 0

    def charset(self):
        found = re.search(r"CHARACTER SET (\w+)", self.mysql)
        return found.group(1) if found else "utf8mb4"

    def python_codec(self):
        """For texts; None for all other columns."""
        textual = re.fullmatch(r"CHAR|VARCHAR|(TINY|MEDIUM|LONG)?TEXT", self.base())
        return PYTHON_CODECS[self.charset()] if textual else None


def all_columns(kind):
    """Those of column_types.py as they are declared there, and every type once more as STRING or BYTES."""
    table = column_types.COLUMNS + (column_types.ONLY_MYSQL if kind == "mysql9" else [])
    wanted = [(mysql, declared, [value for value, _ in values]) for mysql, declared, values in table]
    literals = {}
    for mysql, _, values in wanted:
        literals.setdefault(mysql, []).extend(values)
    more = MORE_TYPES + [f"VARCHAR(60) CHARACTER SET {charset}" for charset in LETTERS
                         if kind == "mysql9" or charset not in ONLY_MYSQL_CHARSETS]
    wanted += [(mysql, "BYTES" if re.match(r"\w+", mysql).group(0) in BYTES_TYPES else "STRING",
                literals.get(mysql, [])) for mysql in dict.fromkeys([*literals, *more])]
    columns = []
    for i, (mysql, declared, values) in enumerate(wanted):
        column = Column(f"c{i}", mysql, declared, values, None)
        if column.base() == "JSON" and kind == "mysql9":
            column.literals = values + JSON_LITERALS
        elif column.charset() in ("big5", "ujis", "euckr", "gb18030"):
            column.literals = []  # see LETTERS
        column.random = generator(column)
        columns.append(column)
    return columns


def random_type(random):
    """(type, declared type) of a small column, with any parameters that the type can have."""
    base = random.choice(["INTEGER", "DECIMAL", "DECIMAL", "BIT", "TIME", "DATETIME", "TIMESTAMP", "DATE", "ENUM",
                          "SET", "VARCHAR"])
    if base == "INTEGER":
        base, flags = random.choice(list(INTEGER_BITS)), random.choice(["", " UNSIGNED"])
        return base + flags, random.choice(["STRING", "DECIMAL(20, 0)"])
    if base == "DECIMAL":
        precision = random.randint(1, 65)
        mysql = f"DECIMAL({precision}, {random.randint(0, min(precision, 30))})"
        return mysql, random.choice(["STRING", mysql]) if precision <= 38 else "STRING"
    if base == "BIT":
        bits = random.randint(1, 64)
        return f"BIT({bits})", random.choice(["BYTES", "BIGINT"]) if bits < 64 else "BYTES"
    if base in ("TIME", "DATETIME", "TIMESTAMP"):
        mysql = f"{base}({random.randint(0, 6)})"
        flink = mysql.replace("DATETIME", "TIMESTAMP")
        return mysql + (" NULL" if base == "TIMESTAMP" else ""), random.choice(["STRING", flink])
    if base in ("ENUM", "SET"):
        labels = [f"'é{i}'" for i in range(random.choice([1, 8, 9, 16, 17, 32, 33, 63, 64]))]
        return f"{base}({', '.join(labels)})", random.choice(["STRING", "ARRAY<STRING>" if base == "SET" else "STRING"])
    return "DATE" if base == "DATE" else f"VARCHAR({random.randint(1, 20)})", "STRING"


def random_length(random):
    """(type, declared type) of text or bytes with a length near one where lengths are written in another form."""
    length = random.choice([1, 2, 62, 63, 64, 65, 84, 85, 86, 127, 128, 129, 254, 255, random.randint(1, 255)])
    base = random.choice(["CHAR", "VARCHAR", "BINARY", "VARBINARY"])
    if base.startswith("VAR"):
        length += random.choice([0, 0, 1, 256])
    if base.endswith("BINARY"):
        return f"{base}({length})", "BYTES"
    charset = random.choice(["utf8mb4", "utf8mb3", "latin1", "gbk", "utf16", "ascii"])
    return f"{base}({length}) CHARACTER SET {charset}", "STRING"


def random_columns(make, count, random):
    """Columns of types that `make` makes."""
    columns = [Column(f"c{i}", *make(random), [], None) for i in range(count)]
    for column in columns:
        column.random = generator(column)
    return columns


# Values, as SQL. Those of columns that are declared as text go to the ends of what MySQL can hold, the others stay
# within what their declared type holds.

INTEGER_BITS = {"TINYINT": 8, "SMALLINT": 16, "MEDIUMINT": 24, "INT": 32, "BIGINT": 64}


def quoted(text):
    escaped = text.replace("\\", "\\\\").replace("'", "''").replace("\0", "\\0")
    return f"'{escaped}'"


def random_integer(column, random):
    bits = INTEGER_BITS[column.base()]
    if column.declared == "BOOLEAN":
        return str(random.randrange(2))
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1
    if "UNSIGNED" in column.mysql or "ZEROFILL" in column.mysql:
        low, high = 0, (1 << bits) - 1
    return str(random.choice([low, high, 0, 1, low + 1, high - 1, random.randint(low, high),
                              random.randint(low, high) >> random.randrange(bits)]))


def random_decimal(column, random):
    precision, scale = column.number(0), column.number(1)
    digits = "".join(random.choice("0123456789") for _ in range(precision))
    digits = random.choice([digits, "9" * precision, "0" * (precision - 1) + "1", digits[:precision // 2].zfill(
        precision), digits[precision // 2:].ljust(precision, "0")])
    sign = random.choice(["", "-"])
    return f"{sign}{digits[:precision - scale] or '0'}.{digits[precision - scale:] or '0'}"


def random_float(column, random):
    form, bits = ("<f", 32) if column.base() == "FLOAT" else ("<d", 64)
    while True:
        raw = random.choice([random.getrandbits(bits), random.getrandbits(bits) & ~0xFFFF])
        value = struct.unpack(form, raw.to_bytes(bits // 8, "little"))[0]
        if math.isfinite(value):
            return repr(value) if "e" in repr(value) else f"{value!r}e0"


def random_date(column, random):
    year = random.choice([1000, 1969, 1970, 2000, 2024, 9999])
    month, day = random.randint(1, 12), random.randint(1, 28)
    if column.declared == "STRING" and random.random() < 0.1:
        return random.choice(["0000-00-00", f"{year}-00-{day:02}", f"{year}-{month:02}-00",
                              f"0001-{month:02}-{day:02}"])
    return f"{year}-{month:02}-{day:02}"


def random_fraction(column, random):
    digits = column.number()
    return "." + random.choice(["0" * digits, "9" * digits, "0" * (digits - 1) + "1", "1".ljust(digits, "0"),
                                f"{random.randrange(10**digits):0{digits}}"]) if digits else ""


def random_clock(random):
    return random.choice(["00:00:00", "23:59:59", f"{random.randrange(24):02}:{random.randrange(60):02}:07"])


def random_datetime(column, random):
    date = random_date(column, random)
    if "00" in date.split("-") or date.startswith("0000"):
        return quoted(f"{date} 00:00:00")
    return quoted(f"{date} {random_clock(random)}{random_fraction(column, random)}")


def random_timestamp(column, random):
    if column.declared == "STRING" and random.random() < 0.1:
        return "'0000-00-00 00:00:00'"
    seconds = random.choice([1, 2**31 - 2, random.randrange(1, 2**31 - 1)])
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return quoted(f"{moment}{random_fraction(column, random)}")


def random_time(column, random):
    if column.declared != "STRING":
        return quoted(random_clock(random) + random_fraction(column, random))
    hours = random.choice([0, 1, 23, 24, 100, 837, random.randrange(838)])
    clock = f"{random.choice(['', '-'])}{hours:02}:{random.choice([0, 59, 7]):02}:{random.choice([0, 59, 1]):02}"
    return quoted(random.choice(["838:59:59", "-838:59:59", clock + random_fraction(column, random), clock]))


def random_text(column, random):
    letters = COMMON + LETTERS[column.charset()] * 4
    if column.charset() == "sjis":  # MySQL's has the backslash in another place than Python's
        letters = letters.replace("\\", "")
    most = column.number() or {"TINYTEXT": 60}.get(column.base(), 400)
    length = random.choice([0, 1, 2, most, random.randrange(most + 1)])
    return quoted("".join(random.choice(letters) for _ in range(length)))


def random_bytes(column, random):
    most = column.number() or 250
    length = random.choice([0, 1, most, random.randrange(most + 1)])
    return f"X'{random.choice([random.randbytes(length), bytes(length), bytes([0, 32, 255]) * (length // 3)]).hex()}'"


def random_labels(column, random):
    labels = re.findall(r"'((?:[^']|'')*)'", column.mysql)
    if column.base() == "ENUM":
        return f"'{random.choice(['', labels[0], labels[-1], random.choice(labels)])}'"
    picked = [label for label in labels if random.random() < random.choice([0, 0.1, 0.5, 1])]
    return f"'{','.join(picked)}'"


def random_json(_, random):
    def make(depth):
        kind = random.randrange(7 if depth < 3 else 5)
        if kind == 0:
            return random.choice([None, True, False]) if depth else [None]
        if kind == 1:
            return random.choice([0, -1, 32768, -2**31, 2**63, -2**63, random.getrandbits(40)])
        if kind == 2:
            return random.choice([0.5, -1e300, 1.25e-7, random.random(), 100.0])
        if kind < 5:
            return "".join(random.choice("a\"\\\n/é数😀") for _ in range(random.choice([0, 3, 150])))
        values = [make(depth + 1) for _ in range(random.randrange(6))]
        return values if kind == 5 else {f"{'k' * random.randrange(5)}{i}": v for i, v in enumerate(values)}
    return quoted(json.dumps(make(0), ensure_ascii=False))


def random_shape(column, random):
    x, y = random.uniform(-90, 90), random.randrange(-90, 90)
    if column.base() == "POINT":
        return f"ST_GeomFromText('POINT({x} {y})', 0)"
    return random.choice([f"ST_GeomFromText('POINT({x} {y})', 4326)",
                          f"ST_GeomFromText('LINESTRING({x} {y}, 0 0, 1 {y})')",
                          "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1), POLYGON((0 0, 1 0, 1 1, 0 0)))')"])


def random_other(column, random):
    base = column.base()
    if base == "YEAR":
        return str(random.choice([0, 1901, 2155, random.randrange(1901, 2156)]))
    if base == "DATE":
        return quoted(random_date(column, random))
    bits = 1 if column.declared == "BOOLEAN" else column.number()
    return f"b'{random.choice([0, 1, (1 << bits) - 1, random.getrandbits(bits)]):b}'"


def generator(column):
    base = column.base()
    makers = {"DECIMAL": random_decimal, "FLOAT": random_float, "DOUBLE": random_float, "TIME": random_time,
              "DATETIME": random_datetime, "TIMESTAMP": random_timestamp, "ENUM": random_labels, "SET": random_labels,
              "JSON": random_json, "GEOMETRY": random_shape, "POINT": random_shape}
    if base in INTEGER_BITS:
        maker = random_integer
    elif column.python_codec():
        maker = random_text
    elif base in BYTES_TYPES and base not in ("BIT", "GEOMETRY", "POINT"):
        maker = random_bytes
    else:
        maker = makers.get(base, random_other)
    return lambda random: maker(column, random)


# What the library read, in the words of Millrace.

def agree(column, shown, value, why):
    """Whether Millrace shows (JSON: text, True, False, a list or None) what the library read; `why` says why that
    is None. EQUAL, DIFFERENT or a reason of UNJUDGED."""
    if value is None:
        return agree_on_none(column, shown, why)
    if shown is None:
        return DIFFERENT
    base = column.base()
    if base in ("FLOAT", "DOUBLE"):
        form = "<f" if base == "FLOAT" else "<d"
        return verdict(struct.pack(form, float(shown)) == struct.pack(form, value))
    if base == "JSON" and not isinstance(value, str):  # MariaDB's is a text
        document = json.loads(shown, parse_int=Number, parse_float=Number, object_pairs_hook=tuple)
        return verdict(same_json(document, value))
    return verdict(shown == in_words(column, value))


def verdict(same):
    return EQUAL if same else DIFFERENT


def agree_on_none(column, shown, why):
    if why in ("out of date range", "out of datetime2 range"):
        return "zero date" if isinstance(shown, str) and re.match(r"0000-|\d+-00-|\d+-\d+-00", shown) else DIFFERENT
    if why == "empty set":
        return verdict(shown in ("", []))
    if column.base() == "JSON" and shown == "null":
        return "JSON null"
    return verdict(shown is None)


def in_words(column, value):
    base = column.base()
    if base in INTEGER_BITS:
        return value != 0 if column.declared == "BOOLEAN" else str(value)
    if base == "DECIMAL":
        places = re.fullmatch(r"DECIMAL\(\d+, (\d+)\)", column.declared)
        exact = decimal.Context(prec=100, rounding=decimal.ROUND_HALF_UP)
        rounded = value.quantize(decimal.Decimal(1).scaleb(-int(places.group(1) if places else column.number(1))),
                                 context=exact)
        return format(rounded.copy_abs() if rounded == 0 else rounded, "f")
    if base == "YEAR":  # the library adds 1900 to what is stored, also to the 0 of the year 0
        year = 0 if value == 1900 else value
        return f"{year:04}" if column.declared == "STRING" else str(year)
    if base == "TIMESTAMP" and value == datetime.datetime(1970, 1, 1):  # no TIMESTAMP but the zero one is stored as 0
        return "0000-00-00 00:00:00" + ("." + "0" * column.number() if column.number() else "")
    if base in ("DATETIME", "TIMESTAMP"):
        return str(value.replace(microsecond=0)) + fraction(value.microsecond, column.number())
    if base == "TIME":
        return time_in_words(column, value)
    if base == "BIT":
        return bits_in_words(column, int(value, 2))
    if base == "SET":
        labels = [label for label in re.findall(r"'((?:[^']|'')*)'", column.mysql) if label in value]
        return labels if column.declared.startswith("ARRAY") else ",".join(labels)
    if column.declared == "BYTES" and value == "":  # Python decodes no bytes in any character set, also in none
        value = b""
    if base == "BINARY":  # stored without the zero bytes at its end, which belong to the value
        value = value.ljust(column.number(), b"\0")
    if base in ("GEOMETRY", "POINT"):  # the library has what is stored, with the reference system before the WKB
        value = value[4:]
    return f"x'{value.hex()}'" if isinstance(value, bytes) else str(value)


def time_in_words(column, value):
    seconds, part = divmod(abs(value), datetime.timedelta(seconds=1))
    is_negative = value < datetime.timedelta(0)
    if is_negative and part:  # stored as a complement, of which the library takes the fraction from the next second
        part = datetime.timedelta(seconds=1) - part
    return (f"{'-' if is_negative else ''}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" +
            fraction(part.microseconds, column.number()))


def fraction(microseconds, digits):
    return "." + f"{microseconds:06}"[:digits] if digits else ""


def bits_in_words(column, value):
    if column.declared == "BOOLEAN":
        return value != 0
    if column.declared == "BYTES":  # the lowest bits first, as Debezium has them
        return f"x'{value.to_bytes((column.number() + 7) // 8, 'little').hex()}'"
    return str(value)


class Number(str):
    """A number of a JSON text as it is written there."""


def same_json(document, value):
    """Whether a JSON text is the document that the library read. Keys of objects come in their stored order."""
    if isinstance(value, dict):
        return (isinstance(document, tuple) and len(document) == len(value) and
                all(ours == codecs.decode(theirs, "utf-8") and same_json(a, b)
                    for (ours, a), (theirs, b) in zip(document, value.items())))
    if isinstance(value, list):
        return (isinstance(document, list) and len(document) == len(value) and
                all(same_json(a, b) for a, b in zip(document, value)))
    if value is None or isinstance(value, bool):
        return document is value
    if isinstance(value, int):
        return isinstance(document, Number) and document == str(value)
    if isinstance(value, float):
        return isinstance(document, Number) and bool(re.search(r"[.eE]", document)) and float(document) == value
    if isinstance(value, decimal.Decimal):
        return isinstance(document, Number) and document == format(value, "f")
    if isinstance(document, Number):
        return False
    if isinstance(value, bytes):
        return document == value.decode()
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():  # a DATE is one for the library
        return document in (str(value.date()), f"{value}.000000")
    form = "%Y-%m-%d %H:%M:%S.%f" if isinstance(value, datetime.datetime) else "%H:%M:%S.%f"
    return document == value.strftime(form)
