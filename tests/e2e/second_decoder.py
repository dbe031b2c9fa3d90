# ctest: second_decoder_mariadb, 120 s, slow: mariadb
# ctest: second_decoder_mysql9, 120 s, slow: mysql9
"""Another reader of the binlog, the Python library mysql-replication, reads the same values as Millrace.

    second_decoder.py mariadb|mysql9 [seed]

Random INSERTs, UPDATEs and DELETEs of every type of column (judged_columns.py) are written under several settings
of the log. What Millrace's SELECT shows of them is compared with what the library read from the same position:
every image of every row, in order, value by value.

The library decodes row images only with the names, signs, character sets and labels that binlog_row_metadata =
FULL writes; under other settings it is given those it read under FULL. It knows no compressed events; then its
reading of the same statements without compression is the one that is compared, and that it sees no rows in the
compressed log proves that they were compressed.
"""

import collections
import dataclasses
import json
import logging
import random
import sys

import judged_columns
from judged_columns import DIFFERENT, EQUAL
from servers import SKIPPED, Millrace, check_sanitizers, expect, fetched, main, playground, say, start_mysql, wait_until

RANDOM_ROWS = 25
CHANGES = 40
NULLS = 0.08
WIDE = 260  # columns, more than fit into one byte
LENGTHS = 40  # columns of texts and bytes of random length
LAST = -1  # id of the row that is written last
VALUES_MIN = 100000  # that must have been compared
UNJUDGED_MAX = 0.02  # of them


@dataclasses.dataclass
class Table:
    name: str
    columns: list
    rows: int  # random ones
    partitions: str = ""


@dataclasses.dataclass
class Setting:
    name: str
    globals: dict
    session: tuple = ()
    compressed: bool = False


SETTINGS = {
    "mariadb": [Setting("FULL", {"binlog_row_metadata": "FULL"}),
                Setting("MINIMAL, no statements", {"binlog_row_metadata": "MINIMAL"},
                        ("SET binlog_annotate_row_events = OFF",)),
                Setting("NO_LOG without checksums", {"binlog_row_metadata": "NO_LOG", "binlog_checksum": "NONE"}),
                Setting("FULL, compressed", {"binlog_row_metadata": "FULL", "binlog_checksum": "CRC32",
                                             "log_bin_compress": "ON", "log_bin_compress_min_len": 10},
                        compressed=True)],
    "mysql9": [Setting("FULL", {"binlog_row_metadata": "FULL"}),
               Setting("MINIMAL without checksums, with statements",
                       {"binlog_row_metadata": "MINIMAL", "binlog_checksum": "NONE"},
                       ("SET binlog_rows_query_log_events = ON",)),
               Setting("MINIMAL, compressed", {"binlog_checksum": "CRC32"},
                       ("SET binlog_transaction_compression = ON",), compressed=True)]}


def transactions(table, seed):
    """The same for the same seed: lists of statements."""
    choose = random.Random(seed)
    name = f"judged.{table.name}"

    def value(column):
        return "NULL" if choose.random() < NULLS else column.random(choose)

    def some(columns):
        return choose.sample(columns, choose.choice([1, 2, len(columns) // 3]))

    listed = max(len(column.literals) for column in table.columns)
    rows = [", ".join([str(10 * i)] + [column.literals[i] if i < len(column.literals) else value(column)
                                       for column in table.columns]) for i in range(listed + table.rows)]
    while rows:
        count = choose.randrange(1, 8)
        yield [f"INSERT INTO {name} VALUES " + ", ".join(f"({row})" for row in rows[:count])]
        del rows[:count]
    for _ in range(CHANGES):
        keys = choose.sample(range(0, 10 * (listed + table.rows), 10), 3)
        where = choose.choice([f"id = {keys[0]}", f"id IN ({keys[0]}, {keys[1]}, {keys[2]})"])
        update = "UPDATE {} SET {} WHERE {}".format(
            name, ", ".join(f"{column.name} = {value(column)}" for column in some(table.columns)), where)
        delete = f"DELETE FROM {name} WHERE id = {keys[1]}"
        replace = f"REPLACE INTO {name} VALUES ({keys[2]}, {', '.join(value(column) for column in table.columns)})"
        rename = f"UPDATE IGNORE {name} SET id = id + 1 WHERE id = {keys[0]}"
        yield choose.choice([[update], [update], [update, delete], [replace, update], [rename], [replace]])
    yield [f"DELETE FROM {name} WHERE id % 30 = 0"]
    yield [f"INSERT INTO {name} (id) VALUES ({LAST})"]


class SecondDecoder:
    def __init__(self, mysql):
        self.mysql = mysql
        self.taught = {}  # the columns of each table as the log had them under FULL
        logging.getLogger("pymysqlreplication").setLevel(logging.ERROR)

    def read(self, position, tables):
        """{table: [(kind of change, {column: value}, {column: why it is None})]} of the rows from a position on."""
        from pymysqlreplication import BinLogStreamReader, row_event  # pylint: disable=import-outside-toplevel
        changes = {name: [] for name in tables}
        stream = BinLogStreamReader(
            connection_settings={"unix_socket": str(self.mysql.socket), "user": "root", "password": ""},
            server_id=4711, log_file=position[0], log_pos=position[1], resume_stream=True, only_schemas=["judged"],
            only_events=[row_event.TableMapEvent, row_event.WriteRowsEvent, row_event.UpdateRowsEvent,
                         row_event.DeleteRowsEvent])
        for event in stream:
            if isinstance(event, row_event.TableMapEvent):
                self.teach(event.get_table().columns, tables[event.table])
                continue
            for row in event.rows:
                if isinstance(event, row_event.UpdateRowsEvent):
                    images = [("-U", row["before_values"], row["before_none_sources"]),
                              ("+U", row["after_values"], row["after_none_sources"])]
                else:
                    kind = "+I" if isinstance(event, row_event.WriteRowsEvent) else "-D"
                    images = [(kind, row["values"], row["none_sources"])]
                changes[event.table].extend(images)
        stream.close()
        return changes

    def teach(self, columns, table):
        if columns[0].name is not None:
            self.taught[table.name] = [{"name": column.name, "unsigned": column.unsigned,
                                        "enum_values": column.enum_values, "set_values": column.set_values,
                                        "character_set_name": column.character_set_name} for column in columns]
        codecs = {column.name: column.python_codec() for column in table.columns}
        for column, taught in zip(columns, self.taught[table.name]):
            vars(column).update(taught)
            column.character_set_name = codecs.get(column.name) or column.character_set_name


class Judge:
    def __init__(self, folder, processes, kind, seed):
        self.folder, self.processes, self.kind, self.seed = folder, processes, kind, seed
        self.mysql = start_mysql(kind, folder / "mysql", sync_binlog=0, innodb_flush_log_at_trx_commit=0)
        processes.append(self.mysql)
        self.mysql.create_user()
        self.decoder = SecondDecoder(self.mysql)
        self.tables = {table.name: table for table in [
            Table("types", judged_columns.all_columns(kind), RANDOM_ROWS),
            Table("wide", judged_columns.random_columns(judged_columns.random_type, WIDE, random.Random(seed)),
                  RANDOM_ROWS // 2, "PARTITION BY HASH (id) PARTITIONS 3"),
            Table("lengths", judged_columns.random_columns(judged_columns.random_length, LENGTHS, random.Random(seed)),
                  RANDOM_ROWS)]}
        self.compared = 0
        self.unjudged = collections.Counter()

    def create(self):
        self.mysql.run("CREATE DATABASE judged")
        for table in self.tables.values():
            columns = ", ".join(f"{column.name} {column.mysql}" for column in table.columns)
            self.mysql.run(f"CREATE TABLE judged.{table.name} (id INT PRIMARY KEY, {columns}) "
                           f"DEFAULT CHARSET utf8mb4 {table.partitions}")

    def write(self, setting):
        """The transactions of all tables; returns the position before them."""
        self.mysql.run(*[f"TRUNCATE judged.{name}" for name in self.tables],
                       *[f"SET GLOBAL {name} = {value}" for name, value in setting.globals.items()],
                       "FLUSH BINARY LOGS")
        position = self.mysql.run(self.mysql.position_statement)[0][:2]
        connection = self.mysql.connect()
        with connection.cursor() as cursor:
            for statement in ("SET sql_mode = '', time_zone = '+00:00'", *setting.session):
                cursor.execute(statement)
            for i, table in enumerate(self.tables.values()):
                for statements in transactions(table, self.seed + i):
                    connection.begin()
                    for statement in statements:
                        cursor.execute(statement)
                    connection.commit()
        connection.close()
        return position

    def millrace_changes(self, table, position, folder):
        """[[kind of change, id, value of the first column, ...]] as Millrace shows them."""
        declared = ",\n  ".join(f"{column.name} {column.declared}" for column in table.columns)
        script = folder / "select.sql"
        folder.mkdir()
        script.write_text(f"""
SET millrace.result-layout = json;
SET sql-client.execution.result-mode = changelog;
CREATE TABLE s (id INT NOT NULL, {declared}, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{self.mysql.port}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'judged', 'table-name' = '{table.name}',
  'scan.startup.mode' = 'specific-offset', 'scan.startup.specific-offset.file' = '{position[0]}',
  'scan.startup.specific-offset.pos' = '{position[1]}');
SELECT * FROM s;
""", encoding="utf-8")
        millrace = Millrace(folder, self.folder / "state")
        self.processes.append(millrace)
        millrace.start(script)
        wait_until("the last row", lambda: f'"id":{LAST},' in millrace.log(), alive=millrace)
        millrace.stop()
        check_sanitizers([millrace])
        self.processes.remove(millrace)  # its log is rows, which nobody wants to see when the test fails
        lines = [line for line in millrace.log().split("\n") if line.startswith('{"op":')]
        return [list(json.loads(line, parse_int=str, parse_float=str).values()) for line in lines]

    def compare(self, table, ours, theirs):
        wrong = []
        for number, (shown, (kind, values, reasons)) in enumerate(zip(ours, theirs)):
            where = f"{table.name}, change {number}"
            if shown[:2] != [kind, str(values["id"])]:
                wrong.append(f"  {where}: {shown[:2]}, and the library read {kind} of {values['id']}")
            for column, text in zip(table.columns, shown[2:]):
                value = values[column.name]
                verdict = judged_columns.agree(column, text, value, reasons.get(column.name))
                if verdict == DIFFERENT:
                    wrong.append(f"  {where}, {column.mysql:.60} as {column.declared}: {text!r:.90}, and the library "
                                 f"read {value!r:.90}")
                elif verdict == EQUAL:
                    self.compared += 1
                else:
                    self.unjudged[verdict] += 1
        if len(ours) != len(theirs):
            wrong.append(f"  {table.name}: {len(ours)} images, and the library read {len(theirs)}")
        return wrong

    def rules_can_fail(self, table, ours, theirs):
        """What Millrace shows of one row never agrees with what the library read of the next one, where they
        differ. Only of JSON's null and NULL the library does not see that they do."""
        for i, column in enumerate(table.columns):
            verdicts = collections.Counter()
            for one, other, (_, values, reasons) in zip(ours, ours[1:], theirs[1:]):
                one, other = one[i + 2], other[i + 2]
                if one != other and not (one in (None, "null") and other in (None, "null")):
                    verdicts[judged_columns.agree(column, one, values[column.name], reasons.get(column.name))] += 1
            expect(verdicts[DIFFERENT] and not verdicts[EQUAL],
                   f"{column.mysql} as {column.declared}: different values count as equal: {verdicts}")

    def go(self):
        self.create()
        uncompressed, wrong = None, []
        for i, setting in enumerate(SETTINGS[self.kind]):
            position = self.write(setting)
            read = self.decoder.read(position, self.tables)
            if setting.compressed:
                expect(not any(read.values()), f"{setting.name}: there are rows that are not compressed")
                read = uncompressed
            uncompressed = uncompressed or read
            before = self.compared
            for table in self.tables.values():
                ours = self.millrace_changes(table, position, self.folder / f"{table.name}-{i}")
                wrong += self.compare(table, ours, read[table.name])
                if i == 0 and not wrong:
                    self.rules_can_fail(table, ours, read[table.name])
            say(f"{setting.name}: {sum(map(len, read.values()))} images, {self.compared - before} values are equal")
        expect(not wrong, "\n".join([f"{len(wrong)} differences (seed {self.seed}):", *wrong[:40]]))
        unjudged = sum(self.unjudged.values())
        say(f"{self.compared} values compared, {unjudged} not judged:")
        for name, count in self.unjudged.items():
            say(f"  {count}: {name}: {judged_columns.UNJUDGED[name]}")
        expect(self.compared >= VALUES_MIN, f"only {self.compared} values were compared")
        expect(unjudged <= UNJUDGED_MAX * self.compared, f"{unjudged} values are not judged")


def test(kind, seed=None):
    library = fetched("fetch-second-decoder.sh", "the Python library mysql-replication")
    if library is None:
        sys.exit(SKIPPED)
    sys.path.insert(0, library)
    seed = int(seed or random.randrange(10**9))
    say(f"seed {seed}")
    with playground(f"judge-{kind}") as (folder, processes):
        Judge(folder, processes, kind, seed).go()


if __name__ == "__main__":
    main(test, *sys.argv[1:])
