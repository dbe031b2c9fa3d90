# ctest: catalog_suite_mariadb, 300 s, slow: mariadb
# ctest: catalog_suite_mysql9, 300 s, slow: mysql9
"""Layouts that follow from statements against those that a server describes.

    catalog_suite.py mariadb|mysql9 [FILE...]

Executes the statements of catalog_statements.sql, or of other files, one after the other. What the server
accepted is read from its binlog and given to a catalog (catalog_driver), whose tables must be those of
information_schema then: names, types, character sets and nullability of columns, and unique indexes. What
only one of the servers accepts is a test of that one.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pymysql

from servers import BINARY_DIR, expect, main, playground, say, start_mysql

DATABASES = {"x": "latin1", "y": "utf8mb4"}
DEFAULT_DATABASE = "x"
HIDDEN = re.compile(r"(DB_ROW_HASH_\d+|row_start|row_end) ")
# How a server shows a statement of the binlog: with the database, and with settings of the session.
USE = re.compile(r"use [`\"](\w+)[`\"]; ")
SETTINGS = re.compile(r"set (?:\w+=\d+(?:, )?)+; ")
COLUMNS = """SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, CHARACTER_SET_NAME, IS_NULLABLE
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN ({}) ORDER BY 1, 2, ORDINAL_POSITION"""
INDEXES = """SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART, INDEX_TYPE
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA IN ({}) AND NON_UNIQUE = 0
  ORDER BY 1, 2, 3, SEQ_IN_INDEX"""
CHARSETS = """SELECT TABLE_SCHEMA, TABLE_NAME, CHARACTER_SET_NAME FROM information_schema.TABLES JOIN
  information_schema.COLLATION_CHARACTER_SET_APPLICABILITY ON TABLE_COLLATION = COLLATION_NAME
  WHERE TABLE_SCHEMA IN ({})"""


def statements(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]


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
            found.append((use[1] if use else "", text[settings.end():] if settings else text))
        return found

    def follow(self):
        sql_mode, charset = self.query("SELECT @@sql_mode, @@character_set_database")[0]
        for database, text in self.logged():
            answer = self.driver.ask({
                "text": text, "mariadb": self.kind == "mariadb", "version": self.version, "sql_mode": sql_mode,
                "database": database, "charset": "utf8mb4", "database_charset": charset})
            if "error" in answer:
                self.findings.append(f"{text}\n  {answer['error']}")

    def described(self):
        """What information_schema says, in the words of the driver."""
        names = ", ".join(f"'{name}'" for name in DATABASES)
        columns, tables = {}, {}
        for database, table, *column in self.query(COLUMNS.format(names)):
            columns.setdefault(f"{database}.{table}", []).append([value or "" for value in column])
        for name, list_of_table in columns.items():
            tables[name] = {"columns": self.driver.ask({"described": list_of_table})["columns"], "indexes": {}}
        for database, table, index, column, prefix, kind in self.query(INDEXES.format(names)):
            words = tables[f"{database}.{table}"]["indexes"].setdefault(index, {"columns": [], "words": {"unique"}})
            words["columns"].append(column or "")
            if prefix is not None or column is None:
                words["words"].add("prefix")
            if kind == "HASH" and self.kind == "mariadb":
                words["words"].add("hash")
        for database, table, charset in self.query(CHARSETS.format(names)):
            if f"{database}.{table}" in tables:
                tables[f"{database}.{table}"]["charset"] = charset
        return tables

    def difference(self, name, ours, theirs):
        if ours is None or theirs is None:
            return f"{name} is only in {'the server' if ours is None else 'the catalog'}"
        shown = [column for column in ours["columns"]
                 if column in theirs["columns"] or not HIDDEN.match(column)]
        row_end = ours["columns"][ours["row_end"]].split()[0] if ours["row_end"] is not None else None
        indexes = []
        for index, found in theirs["indexes"].items():
            words = [word for word in ("unique", "prefix", "hash") if word in found["words"]]
            columns = ",".join(column for column in found["columns"] if column != row_end)
            indexes.append(" ".join([index, *words, columns]))
        unique = [index for index in ours["indexes"] if " unique" in index]
        text = ""
        if shown != theirs["columns"]:
            text += f"\n  catalog: {shown}\n  server:  {theirs['columns']}"
        if sorted(unique) != sorted(indexes):
            text += f"\n  catalog: {sorted(unique)}\n  server:  {sorted(indexes)}"
        if ours["charset"] != theirs["charset"] and not ours["sequence"]:
            text += f"\n  catalog: {ours['charset']}\n  server:  {theirs['charset']}"
        return name + text if text else ""

    def compare(self, statement):
        ours, theirs = self.driver.ask({"show": True})["tables"], self.described()
        differences = [self.difference(name, ours.get(name), theirs.get(name))
                       for name in sorted({*ours, *theirs})]
        for difference in filter(None, differences):
            self.findings.append(f"{statement}\n  {difference}")
            table = difference.split()[0]
            self.query(f"DROP TABLE IF EXISTS {table}")  # one finding each
        self.follow()

    def run(self, statement):
        try:
            self.query(statement)
        except pymysql.MySQLError:
            return
        if statement.upper().startswith("SET"):
            return
        self.accepted += 1
        self.follow()
        self.compare(statement)

    def run_all(self, path):
        self.logged()
        for name in DATABASES:
            self.query(f"DROP DATABASE IF EXISTS {name}")
        for name, charset in DATABASES.items():
            self.query(f"CREATE DATABASE {name} CHARACTER SET {charset}")
        self.query(f"USE {DEFAULT_DATABASE}")
        self.follow()
        for statement in statements(path):
            self.run(statement)


def suite(kind, *files):
    with playground(f"catalog-{kind}") as (folder, processes):
        server = start_mysql(kind, folder / "mysql")
        processes.append(server)
        comparison = Comparison(kind, server)
        for file in files or [Path(__file__).with_name("catalog_statements.sql")]:
            comparison.run_all(Path(file))
        for finding in comparison.findings:
            say(finding)
        say(f"{comparison.accepted} statements accepted, {len(comparison.findings)} findings")
        expect(comparison.accepted > 0 and not comparison.findings, "layouts differ")


if __name__ == "__main__":
    main(suite, *sys.argv[1:])
