# ctest: ddl_suite_mariadb, 900 s, slow: mariadb --files 400
# ctest: ddl_suite_mysql9, 900 s, slow: mysql9 --files 300
"""The parser of DDL over the test suite of a server: of the statements which that server accepts, nearly all parse.

    ddl_suite.py mariadb|mysql9 [--files N] [--show N]

The suite is Debian's package of it, read where scripts/fetch-test-suite.sh put it. Of each of its files the
statements that define something are executed on a private server, in their order; those the server accepts
are given to the parser, under the sql_mode they had. The output counts them and lists what did not parse.
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pymysql

import mysqltest
from servers import BINARY_DIR, SKIPPED, SOURCE_DIR, expect, main, playground, say, start_mysql

PARSED_MIN = 0.99
ROOM_BYTES = 2 << 30
BLANK = r"(?:\s|/\*(?!!|M!).*?\*/|(?:#|--\s)[^\n]*\n)"
DEFINITION = re.compile(
    rf"{BLANK}*(?:"
    rf"create{BLANK}+(?:or{BLANK}+replace{BLANK}+)?(?:temporary{BLANK}+)?"
    rf"(?:table|sequence|database|schema|(?:(?:unique|fulltext|spatial|vector){BLANK}+)?index)"
    rf"|alter{BLANK}+(?:(?:online|ignore){BLANK}+)*(?:table|database|schema)"
    rf"|rename{BLANK}+tables?|drop{BLANK}+(?:temporary{BLANK}+)?(?:tables?|index|database|schema|sequence)"
    rf"|truncate)\b", re.IGNORECASE | re.DOTALL)
# What decides how the server reads the statements that follow.
SETTING = re.compile(
    r"\s*(?:use\s|set\s+(?:"
    r"(?:(?:@@)?(?:session|local)?[\s.]*(?:@@)?(?:session\.|local\.)?)"
    r"(?:sql_mode|(?:default_)?storage_engine|foreign_key_checks|collation_\w+|character_set_(?:server|database)|"
    r"explicit_defaults_for_timestamp|innodb_\w+|system_versioning_\w+|old_mode|timestamp|alter_algorithm)"
    r"\s*:?=))", re.IGNORECASE)
# Not to be destroyed, and not of interest.
FOREIGN = re.compile(r"\b(?:mysql|sys|performance_schema|information_schema)\b\s*`?\s*(?:\.|;|$)", re.IGNORECASE)
SYSTEM_DATABASES = {"mysql", "sys", "performance_schema", "information_schema"}


class Parser:
    """The program ddl_driver, asked for one statement after the other."""

    def __init__(self, kind, version):
        self.dialect = {"mariadb": kind == "mariadb", "version": version}
        self.child = subprocess.Popen([BINARY_DIR / "tests" / "ddl_driver"], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)

    def ask(self, text, sql_mode):
        record = {**self.dialect, "text": text, "sql_mode": sql_mode}
        self.child.stdin.write(json.dumps(record) + "\n")
        self.child.stdin.flush()
        answer = self.child.stdout.readline()
        expect(answer, f"ddl_driver ended at: {text}")
        return json.loads(answer)


def version_of(server):
    """80400, 101119."""
    numbers = re.match(r"(\d+)\.(\d+)\.(\d+)", server.run("SELECT VERSION()")[0][0]).groups()
    return int(numbers[0]) * 10000 + int(numbers[1]) * 100 + int(numbers[2])


def fresh(server):
    """A new session in a new database; what an earlier file left is gone."""
    connection = server.connect(read_timeout=30)
    with connection.cursor() as cursor:
        cursor.execute("SET foreign_key_checks = 0")
        cursor.execute("SHOW DATABASES")
        for (name,) in cursor.fetchall():
            if name.lower() in SYSTEM_DATABASES:
                continue
            quoted = f"`{name.replace('`', '``')}`"
            with contextlib.suppress(pymysql.Error):  # only MySQL knows it
                cursor.execute(f"ALTER DATABASE {quoted} READ ONLY = 0")
            cursor.execute(f"DROP DATABASE {quoted}")
        cursor.execute("CREATE DATABASE test")
        cursor.execute("USE test")
        cursor.execute("SET foreign_key_checks = 1")
    return connection


class Run:
    """Statements on the server and through the parser, and what came of it."""

    def __init__(self, server, parser):
        self.server = server
        self.parser = parser
        self.accepted = 0
        self.refused = 0
        self.failed = {}  # statement -> error
        self.kinds = collections.Counter()

    def file(self, path):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return  # the parser reads UTF-8; the source converts before it asks
        connection = fresh(self.server)
        sql_mode = None
        with contextlib.closing(connection), connection.cursor() as cursor:
            for statement in mysqltest.statements(text):
                is_setting = SETTING.match(statement) is not None
                if not (is_setting or DEFINITION.match(statement)) or FOREIGN.search(statement):
                    continue
                try:
                    if sql_mode is None:
                        cursor.execute("SELECT @@sql_mode")
                        sql_mode = cursor.fetchone()[0]
                    cursor.execute(statement)
                    cursor.fetchall()
                except (pymysql.Error, UnicodeError):
                    self.refused += not is_setting
                    if not connection.open:
                        return
                    continue
                if is_setting:
                    sql_mode = None
                else:
                    self.parse(statement, sql_mode)

    def parse(self, statement, sql_mode):
        self.accepted += 1
        answer = self.parser.ask(statement, sql_mode)
        if "error" in answer:
            self.failed[statement] = answer["error"]
        else:
            self.kinds[answer["kind"]] += 1


def suite_of(kind):
    done = subprocess.run([SOURCE_DIR / "scripts" / "fetch-test-suite.sh", kind], capture_output=True, text=True,
                          check=False)
    if done.returncode == 0:
        return done.stdout.strip()
    say("=" * 78)
    say(f"SKIPPED: the test suite of {kind} cannot be had, so this test did not run:")
    for line in done.stderr.strip().splitlines():
        say(f"  {line}")
    say("=" * 78)
    sys.exit(SKIPPED)


def in_memory():
    """Thousands of tables are made and dropped, each of which a server syncs."""
    memory = pathlib.Path("/dev/shm")
    if memory.is_dir() and shutil.disk_usage(memory).free > ROOM_BYTES:
        os.environ.setdefault("MILLRACE_TEST_TMP", str(memory))


def test(options):
    suite = pathlib.Path(suite_of(options.kind))
    in_memory()
    files = sorted(path for path in suite.rglob("*") if path.suffix in (".test", ".inc"))
    expect(files, f"{suite}: no test found")
    step = max(1, len(files) // options.files)
    with playground("ddl-suite") as (folder, processes):
        server = start_mysql(options.kind, folder / "m", log_bin=None, sync_binlog=None,
                             binlog_row_image=None, binlog_row_metadata=None,
                             innodb_flush_log_at_trx_commit=0)
        processes.append(server)
        run = Run(server, Parser(options.kind, version_of(server)))
        for number, path in enumerate(files[::step]):
            run.file(path)
            if number % 500 == 499:
                say(f"{number + 1} files, {run.accepted} statements accepted, {len(run.failed)} not parsed")
        report(run, options.show)


def report(run, shown):
    for statement, error in list(run.failed.items())[:shown]:
        print(f"--- {error}\n{statement[:2000]}")
    parsed = sum(run.kinds.values())
    kinds = ", ".join(f"{count} {kind}" for kind, count in run.kinds.most_common())
    say(f"the server accepted {run.accepted} statements and refused {run.refused}; of those accepted {parsed} parse "
        f"({100 * parsed / max(run.accepted, 1):.3f} %): {kinds}")
    expect(run.accepted > 0, "the server accepted nothing")
    expect(parsed >= PARSED_MIN * run.accepted, f"fewer than {100 * PARSED_MIN} % of the statements parse")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("kind", choices=["mariadb", "mysql9"])
    arguments.add_argument("--files", type=int, default=1_000_000, help="how many files, spread over all")
    arguments.add_argument("--show", type=int, default=40, help="how many that did not parse are shown")
    main(test, arguments.parse_args())
