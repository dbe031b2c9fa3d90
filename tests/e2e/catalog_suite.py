# ctest: catalog_suite_mariadb, 900 s, slow: mariadb --files 100
# ctest: catalog_suite_mysql9, 900 s, slow: mysql9 --files 100
"""Layouts that follow from statements against those that a server describes.

    catalog_suite.py mariadb|mysql9 [--files N] [--show N] [--only FILE]

Executes the statements of catalog_statements.sql, then those of the server's own test suite that define
something (see ddl_suite.py). What the server accepted is read from its binlog and given to a catalog
(catalog_driver), whose tables must be those of information_schema then: names, types, character sets and
nullability of columns, and unique indexes. What only one of the servers accepts is a test of that one.
"""

import argparse
import contextlib
import json
import re
import subprocess
from pathlib import Path

import pymysql

import ddl_suite
import mysqltest
from servers import BINARY_DIR, expect, main, playground, say, start_mysql

EQUAL_MIN = 0.99  # of the statements of the suite; all of ours
OURS = Path(__file__).with_name("catalog_statements.sql")
SYSTEM = "'mysql', 'information_schema', 'performance_schema', 'sys'"
HIDDEN = re.compile(r"(DB_ROW_HASH_\d+|row_start|row_end) ")
# How a server shows a statement of the binlog: with the database, and with settings of the session.
USE = re.compile(r"use (?P<quote>[`\"])(?P<name>.+?)(?P=quote); ")
SETTINGS = re.compile(r"set (?:\w+=\d+(?:, )?)+; ")
TABLES = f"""SELECT TABLE_SCHEMA, TABLE_NAME, CHARACTER_SET_NAME FROM information_schema.TABLES LEFT JOIN
  information_schema.COLLATION_CHARACTER_SET_APPLICABILITY ON TABLE_COLLATION = {{collation}}
  WHERE TABLE_TYPE <> 'VIEW' AND TABLE_SCHEMA NOT IN ({SYSTEM})"""
COLUMNS = f"""SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, CHARACTER_SET_NAME, IS_NULLABLE
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA NOT IN ({SYSTEM}) ORDER BY 1, 2, ORDINAL_POSITION"""
INDEXES = f"""SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART, INDEX_TYPE
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA NOT IN ({SYSTEM}) AND NON_UNIQUE = 0
  ORDER BY 1, 2, 3, SEQ_IN_INDEX"""


class Driver:
    def __init__(self):
        self.child = subprocess.Popen([BINARY_DIR / "tests" / "catalog_driver"], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)

    def ask(self, record):
        self.child.stdin.write(json.dumps(record) + "\n")
        self.child.stdin.flush()
        line = self.child.stdout.readline()
        expect(line, f"catalog_driver ended at {record}")
        return json.loads(line)


class Comparison:
    def __init__(self, kind, server):
        self.kind = kind
        self.server = server
        self.cursor = server.connect().cursor()
        numbers = re.findall(r"\d+", self.query("SELECT VERSION()")[0][0])
        self.version = sum(int(number) * unit for number, unit in zip(numbers, (10000, 100, 1)))
        self.driver = Driver()
        self.position = None
        self.accepted = 0
        self.findings = []

    def query(self, text):
        self.cursor.execute(text)
        return self.cursor.fetchall()

    def logged(self):
        """The statements of the binlog since the last call, with their default databases."""
        file, end = self.query(self.server.position_statement)[0][:2]
        begin, self.position = self.position, (file, end)
        if begin is None or begin == self.position:
            return []
        found = []
        for event in self.query(f"SHOW BINLOG EVENTS IN '{file}' FROM {begin[1]}"):
            text = event[5]
            if event[2] != "Query" or text in ("BEGIN", "COMMIT"):
                continue
            use = USE.match(text)
            text = text[use.end():] if use else text
            settings = SETTINGS.match(text)
            found.append((use["name"] if use else "", text[settings.end():] if settings else text))
        return found

    def follow(self):
        settings = self.query("SELECT @@sql_mode, @@character_set_server, @@character_set_database, "
                              "@@explicit_defaults_for_timestamp")[0]
        for database, text in self.logged():
            answer = self.driver.ask({
                "text": text, "mariadb": self.kind == "mariadb", "version": self.version,
                "sql_mode": settings[0], "database": database, "charset": settings[1],
                "database_charset": settings[2], "explicit_timestamps": bool(settings[3])})
            if "error" in answer:
                self.found(text, answer["error"])

    def found(self, statement, what):
        self.findings.append(f"{statement[:1000]}\n  {what}")

    def described(self):
        """What information_schema says, in the words of the driver."""
        # MariaDB has names of collations for several character sets, and full ones.
        collation = "FULL_COLLATION_NAME" if self.kind == "mariadb" else "COLLATION_NAME"
        tables, columns = {}, {}
        for database, table, charset in self.query(TABLES.format(collation=collation)):
            tables[f"{database}.{table}"] = {"charset": charset, "columns": [], "indexes": {}}
        for database, table, *column in self.query(COLUMNS):
            columns.setdefault(f"{database}.{table}", []).append([value or "" for value in column])
        for name, table in tables.items():
            table["columns"] = self.driver.ask({"described": columns.get(name, [])})["columns"]
        for database, table, index, column, prefix, kind in self.query(INDEXES):
            name = f"{database}.{table}"
            if name not in tables:
                continue
            found = tables[name]["indexes"].setdefault(index, {"columns": [], "words": {"unique"}})
            found["columns"].append(column or "")
            if prefix is not None or column is None:
                found["words"].add("prefix")
            if kind == "HASH" and self.kind == "mariadb":
                found["words"].add("hash")
        return tables

    @staticmethod
    def difference(ours, theirs):
        if ours is None or theirs is None:
            return f"only in {'the server' if ours is None else 'the catalog'}"
        shown = [column for column in ours["columns"]
                 if column in theirs["columns"] or not HIDDEN.match(column)]
        row_end = ours["columns"][ours["row_end"]].split()[0] if ours["row_end"] is not None else None
        indexes = []
        for index, found in theirs["indexes"].items():
            words = [word for word in ("unique", "prefix", "hash") if word in found["words"]]
            columns = ",".join(column for column in found["columns"] if column != row_end)
            indexes.append(" ".join([index, *words, columns]))
        unique = sorted(index for index in ours["indexes"] if " unique" in index)
        for what, catalog, server in (("columns", shown, theirs["columns"]),
                                      ("indexes", unique, sorted(indexes)),
                                      ("charset", ours["charset"], theirs["charset"])):
            if catalog != server and not ours["sequence"]:
                return f"{what}\n    catalog: {catalog}\n    server:  {server}"
        return ""

    def compare(self, statement):
        ours, theirs = self.driver.ask({"show": True})["tables"], self.described()
        for name in sorted({*ours, *theirs}):
            difference = self.difference(ours.get(name), theirs.get(name))
            if not difference:
                continue
            self.found(statement, f"{name}: {difference}")
            quoted = ".".join(f"`{part.replace('`', '``')}`" for part in name.split(".", 1))
            self.driver.ask({"text": f"DROP TABLE {quoted}"})  # one finding each
            with contextlib.suppress(pymysql.MySQLError):
                self.query(f"DROP TABLE IF EXISTS {quoted}")

    def run(self, statement):
        try:
            self.query(statement)
        except (pymysql.MySQLError, UnicodeError):
            return
        if ddl_suite.SETTING.match(statement):
            return
        self.accepted += 1
        self.follow()
        self.compare(statement)

    def run_ours(self):
        self.logged()
        for name, charset in (("x", "latin1"), ("y", "utf8mb4")):
            self.query(f"CREATE DATABASE {name} CHARACTER SET {charset}")
        self.query("USE x")
        lines = [line for line in OURS.read_text(encoding="utf-8").splitlines() if not line.startswith("--")]
        for statement in "\n".join(lines).split(";"):
            if statement.strip():
                self.run(statement.strip())

    def run_file(self, path):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return
        connection = ddl_suite.fresh(self.server)
        with contextlib.closing(connection):
            self.cursor = connection.cursor()
            self.follow()
            for statement in mysqltest.statements(text):
                wanted = ddl_suite.SETTING.match(statement) or ddl_suite.DEFINITION.match(statement)
                if wanted and not ddl_suite.FOREIGN.search(statement):
                    self.run(statement)
                    if not connection.open:
                        return


def suite(options):
    with playground(f"catalog-{options.kind}") as (folder, processes):
        server = start_mysql(options.kind, folder / "m", sync_binlog=0, innodb_flush_log_at_trx_commit=0)
        processes.append(server)
        comparison = Comparison(options.kind, server)
        if options.only is None:
            comparison.run_ours()
        ours, ours_failed = comparison.accepted, len(comparison.findings)
        root = Path(ddl_suite.suite_of(options.kind))
        files = sorted(path for path in root.rglob("*") if path.suffix in (".test", ".inc"))
        if options.only is not None:
            files = [path for path in files if options.only in str(path)]
        for path in files[::max(1, len(files) // options.files)]:
            comparison.run_file(path)
        for finding in comparison.findings[:options.show]:
            print(f"--- {finding}")
        theirs, theirs_failed = comparison.accepted - ours, len(comparison.findings) - ours_failed
        say(f"{ours} statements of ours, {ours_failed} findings; {theirs} of the suite in {len(files)} files, after "
            f"which {theirs_failed} layouts differ ({100 * theirs_failed / max(theirs, 1):.3f} %)")
        expect(ours_failed == 0, "layouts differ after statements of ours")
        expect(theirs_failed <= (1 - EQUAL_MIN) * theirs, "too many layouts differ after statements of the suite")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("kind", choices=["mariadb", "mysql9"])
    arguments.add_argument("--files", type=int, default=300, help="how many files, spread over all")
    arguments.add_argument("--show", type=int, default=40, help="how many findings are shown")
    arguments.add_argument("--only", help="files of the suite whose path contains this, and nothing else")
    ddl_suite.in_memory()
    main(suite, arguments.parse_args())
