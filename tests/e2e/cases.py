# ctest: cases_mariadb, 600 s, slow: mariadb
# ctest: cases_mysql9, 600 s, slow: mysql9
"""Small scenarios, one folder of tests/e2e/cases each, all with one pair of servers.

    cases.py mariadb|mysql9 [NAME...]

    mysql.sql, doris.sql  what there is at the beginning, in databases of any name
    job.sql               the script; MYSQLPORT, DORISHTTP and DORISQUERY are replaced
    changes.sql           what happens in MySQL then, in one session
    repair.sql            optional: runs when the job has ended with status 3 because of the changes; then it
                          is started again
    mode                  words, for each of which the case is run: `running`, `stopped` and `killed`
                          say what the job is doing meanwhile; `refused` says that it ends at
                          its start, before any change
    server-options        optional; for each line the case is run with these options of the server,
                          `--name=value` separated by blanks. Only what SET GLOBAL can change; NO_LOG
                          is MINIMAL on MySQL
    expected              the rows of bug.t in the end, sorted, columns separated by |; lines that
                          begin with `log: ` are in the log of the job, and `status: 3` says that it
                          ends by itself after the changes
    servers               optional: the only kinds of servers for which the case makes sense

A case is a folder with `expected`. What else it does not have it takes from the folders above, whose files several
cases share.

The servers describe tables in the log as they do by default (binlog_row_metadata is NO_LOG or
MINIMAL), unless the case says otherwise.
"""

import contextlib
import re
import sys
from pathlib import Path

from pymysql.constants import CLIENT

from servers import Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until

CASES = Path(__file__).resolve().parent / "cases"
SYSTEM = {"mysql", "information_schema", "performance_schema", "sys", "__internal_schema"}
LEAST_METADATA = {"mariadb": "NO_LOG", "mysql9": "MINIMAL"}
FOLLOW_DEADLINE_S = 30


def text_of(path):
    return path.read_text(encoding="utf-8") if path.exists() else ""


def shared_text(case, name):
    """Of the case or of the nearest folder above that has it."""
    for folder in (case, *case.parents):
        text = text_of(folder / name)
        if text or folder == CASES:
            return text
    return ""


def run_script(server, text):
    """All statements of a text, in one session."""
    connection = server.connect(client_flag=CLIENT.MULTI_STATEMENTS)
    try:
        with connection.cursor() as cursor:
            cursor.execute(text)
            while cursor.nextset():
                pass
    finally:
        connection.close()


def drop_all(server):
    for (name,) in server.run("SHOW DATABASES"):
        if name not in SYSTEM:
            server.run(f"DROP DATABASE `{name}`")


class Expected:
    def __init__(self, text):
        self.rows, self.log, self.status = [], [], None
        for line in text.splitlines():
            if line.startswith("log: "):
                self.log.append(line.removeprefix("log: "))
            elif line.startswith("status: "):
                self.status = int(line.removeprefix("status: "))
            elif line:
                self.rows.append(line)
        self.rows.sort()


class Run:
    """One case in one mode under one set of options."""

    def __init__(self, suite, case, mode, options):
        self.suite, self.case, self.mode, self.options = suite, case, mode, options
        self.name = " ".join([str(case.relative_to(CASES)), mode, *options])
        self.expected = Expected(self.text("expected"))
        folder = suite.folder / f"{case.name}-{len(suite.processes)}"
        self.job = Millrace(folder, folder / "state")
        suite.processes.append(self.job)
        self.script = folder / "job.sql"

    def text(self, name):
        return shared_text(self.case, name)

    @contextlib.contextmanager
    def server_options(self):
        before = {}
        for option in self.options:
            name, value = option.removeprefix("--").split("=")
            name = name.replace("-", "_")
            if name == "binlog_row_metadata" and value != "FULL":
                value = LEAST_METADATA[self.suite.kind]
            before[name] = self.suite.mysql.run(f"SELECT @@GLOBAL.{name}")[0][0]
            self.suite.mysql.run(f"SET GLOBAL {name} = '{value}'")
        yield
        for name, value in before.items():
            self.suite.mysql.run(f"SET GLOBAL {name} = '{value}'")

    def doris_rows(self):
        rows = self.suite.doris.run("SELECT * FROM bug.t")
        return sorted("|".join("NULL" if value is None else str(value) for value in row)
                      for row in rows)

    def start(self):
        """Until there is a checkpoint to go on from, after the snapshot."""
        self.job.start(self.script)
        wait_until("a checkpoint in the binlog",
                   lambda: re.search("checkpoint .* complete .* streaming", self.job.log()), alive=self.job)

    def prepare(self):
        drop_all(self.suite.mysql)
        drop_all(self.suite.doris)
        run_script(self.suite.mysql, self.text("mysql.sql"))
        self.suite.doris.run(*[part for part in self.text("doris.sql").split(";") if part.strip()])
        text = self.text("job.sql")
        for name, port in (("MYSQLPORT", self.suite.mysql.port),
                           ("DORISHTTP", self.suite.doris.http_port),
                           ("DORISQUERY", self.suite.doris.query_port)):
            text = text.replace(name, str(port))
        self.script.write_text(text, encoding="utf-8")

    def change(self):
        self.start()
        if self.mode == "stopped":
            expect(self.job.stop() == 0, f"{self.name}: the job ended with {self.job.status()}")
        elif self.mode == "killed":
            self.job.kill()
        changes = self.text("changes.sql")
        if changes:
            run_script(self.suite.mysql, changes)
        if self.mode != "running":
            self.job.start(self.script)

    def repair(self):
        repair = self.text("repair.sql")
        if not repair:
            return
        wait_until("the job to end", lambda: not self.job.running(), FOLLOW_DEADLINE_S)
        expect(self.job.status() == 3, f"{self.name}: status {self.job.status()}\n{self.job.log_tail()}")
        run_script(self.suite.mysql, repair)
        self.job.start(self.script)

    def check(self):
        expected = self.expected
        if expected.status is not None:
            wait_until("the job to end", lambda: not self.job.running(), FOLLOW_DEADLINE_S)
            expect(self.job.status() == expected.status,
                   f"{self.name}: status {self.job.status()}\n{self.job.log_tail()}")
        else:
            try:
                wait_until("the expected rows", lambda: self.doris_rows() == expected.rows,
                           FOLLOW_DEADLINE_S, alive=self.job)
            finally:
                self.show_difference()
            expect(self.job.stop() == 0, f"{self.name}: the job ended with {self.job.status()}")
        self.show_difference()
        expect(self.doris_rows() == expected.rows, f"{self.name}: other rows than expected")
        for words in expected.log:
            expect(words in self.job.log(),
                   f"{self.name}: not in the log: {words}\n{self.job.log_tail()}")

    def show_difference(self):
        seen = self.doris_rows()
        for row in sorted(set(seen) ^ set(self.expected.rows)):
            say(f"{self.name}: {'only in Doris' if row in seen else 'missing'}: {row}")

    def run(self):
        self.prepare()
        with self.server_options():
            if self.mode == "refused":
                self.job.start(self.script)
            else:
                self.change()
            self.repair()
            self.check()
        say(self.name)


class Suite:
    def __init__(self, kind, folder, processes):
        self.kind, self.folder, self.processes = kind, folder, processes
        self.mysql = start_mysql(kind, folder / "mysql", binlog_row_metadata=LEAST_METADATA[kind])
        processes.append(self.mysql)
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()

    def run(self, case):
        servers = shared_text(case, "servers")
        if servers and self.kind not in servers.split():
            return
        for options in shared_text(case, "server-options").splitlines() or [""]:
            for mode in shared_text(case, "mode").split():
                Run(self, case, mode, options.split()).run()


def cases(kind, *names):
    with playground(f"cases-{kind}") as (folder, processes):
        suite = Suite(kind, folder, processes)
        found = sorted(path.parent for path in CASES.rglob("expected")
                       if not names or set(names) & {path.parent.name, path.parent.parent.name})
        expect(found, f"no case of these names: {names}")
        for case in found:
            suite.run(case)


if __name__ == "__main__":
    main(cases, *sys.argv[1:])
