# ctest: created_tables_mariadb, 120 s, slow: mariadb
# ctest: created_tables_mysql9, 120 s, slow: mysql9
"""Tables that are created, with rows, while a job looks for its tables: each row comes exactly once.

    created_tables.py mariadb|mysql9

A job starts from nothing again and again, while another session runs CREATE TABLE ... SELECT as fast as it
can. Whether a table was there when the tables were listed, and at which place of the binlog, is up to chance;
a row that is in neither the snapshot nor the binlog is lost, one that is in both is there twice.

Then a table is made like another one that the job does not know, so that it has to ask for it; and the table is
not to be seen for a while, though the binlog has its rows, as MySQL may do for a moment: a proxy asks for another
name.
"""

import collections
import re
import sys
import threading

from proxy import Proxy
from servers import Millrace, expect, main, playground, say, start_mysql, wait_until

ROUNDS = 8
TABLES_FIRST = 40  # some to list, so that listing takes time
TABLES_PER_ROUND = 60
TABLES_LATER = 10
PAUSE_S = 0.01
LOOKS_IN_VAIN = 20
SCRIPT = """
SET execution.checkpointing.interval = 200ms;
CREATE TABLE s (table_name STRING METADATA VIRTUAL, id INT NOT NULL, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{port}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'made', 'table-name' = 't_[0-9]+');
CREATE TABLE p (table_name STRING, id INT) WITH ('connector' = 'print');
INSERT INTO p SELECT table_name, id FROM s;
"""
PRINTED = re.compile(r"^\+I\[(t_[0-9]+), ([0-9]+)\]$", re.MULTILINE)


class Creator(threading.Thread):
    """Creates tables until it is stopped, but no more than so many: on a slow machine each round would
    otherwise have more to read than the one before, and leave more to the next."""

    def __init__(self, server, created):
        super().__init__(daemon=True)
        self.connection = server.connect()
        self.created = created
        self.stopping = threading.Event()
        self.failure = None

    def run(self):
        try:
            most = self.created + TABLES_PER_ROUND
            while not self.stopping.is_set():
                if self.created < most:
                    self.create()
                else:
                    self.stopping.wait(PAUSE_S)
        except Exception as error:  # pylint: disable=broad-except  # reported to the main thread
            self.failure = error

    def create(self):
        with self.connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE made.t_{self.created + 1} (id INT PRIMARY KEY) SELECT id FROM made.origin")
        self.created += 1


def wait_for_rows(job, tables):
    """Until every row of every table is printed, once; how many these are."""
    wanted = collections.Counter((f"t_{table}", str(row)) for table in range(1, tables + 1) for row in (1, 2, 3))
    try:
        wait_until("every row of every table",
                   lambda: len(set(PRINTED.findall(job.log()))) >= len(wanted), 30, alive=job)
    finally:
        seen = collections.Counter(PRINTED.findall(job.log()))
        lost, doubled = sorted(wanted - seen), sorted(seen - wanted)
        expect(not lost and not doubled, f"of {len(wanted)} rows {len(lost)} are lost {lost[:6]} and "
               f"{len(doubled)} come twice {doubled[:6]}")
    return len(wanted)


def late_table(mysql, tables, folder, processes):
    looks = []

    def rewrite(statement):
        asked = f"TABLE_NAME = 't_{tables + 1}'"
        if "information_schema.COLUMNS" not in statement or asked not in statement:
            return statement
        looks.append(statement)
        return statement.replace(asked, "TABLE_NAME = 'absent'") if len(looks) <= LOOKS_IN_VAIN else statement
    proxy = Proxy(mysql.port)
    proxy.rewrite = rewrite
    # A copy of a table that the job does not know: it must ask how it looks.
    mysql.run("CREATE DATABASE elsewhere", "CREATE TABLE elsewhere.origin LIKE made.origin")
    script = folder / "late.sql"
    script.write_text(SCRIPT.format(port=proxy.port), encoding="utf-8")
    job = Millrace(folder / "millrace-late", folder / "state-late")
    processes.append(job)
    job.start(script)
    wait_until("the snapshot to be complete", lambda: "snapshot is complete" in job.log(), alive=job)
    mysql.run(f"CREATE TABLE made.t_{tables + 1} LIKE elsewhere.origin",
              f"INSERT INTO made.t_{tables + 1} SELECT id FROM made.origin")
    wait_for_rows(job, tables + 1)
    expect(len(looks) == LOOKS_IN_VAIN + 1, f"the table was described in {len(looks)} looks")
    expect(job.stop() == 0, "the status of a stopped job is not 0")
    say(f"a table that was not to be seen {LOOKS_IN_VAIN} times has all its rows")


def test(kind):
    with playground(f"created-{kind}") as (folder, processes):
        mysql = start_mysql(kind, folder / "mysql")
        processes.append(mysql)
        mysql.create_user()
        if kind == "mysql9":
            mysql.run("GRANT BACKUP_ADMIN ON *.* TO cdc@'%'", "GRANT SELECT ON performance_schema.* TO cdc@'%'")
        mysql.run("CREATE DATABASE made", "CREATE TABLE made.origin (id INT PRIMARY KEY)",
                  "INSERT INTO made.origin VALUES (1), (2), (3)")
        creator = Creator(mysql, 0)
        for _ in range(TABLES_FIRST):
            creator.create()
        script = folder / "print.sql"
        script.write_text(SCRIPT.format(port=mysql.port), encoding="utf-8")
        for number in range(ROUNDS):
            creator = Creator(mysql, creator.created)
            creator.start()
            seen_first = creator.created
            wait_until("more tables", lambda c=creator, n=seen_first: c.failure or c.created > n + 1)
            job = Millrace(folder / f"millrace-{number}", folder / f"state-{number}")
            processes.append(job)
            job.start(script)
            wait_until("the snapshot to be complete", lambda j=job: "snapshot is complete" in j.log(), alive=job)
            creator.stopping.set()
            creator.join()
            expect(creator.failure is None, f"creating failed: {creator.failure!r}")
            for _ in range(TABLES_LATER):  # their rows come by the binlog alone
                creator.create()
            wanted = wait_for_rows(job, creator.created)
            expect(job.stop() == 0, "the status of a stopped job is not 0")
            say(f"{creator.created - seen_first} tables were created meanwhile; {wanted} rows once each")
        late_table(mysql, creator.created, folder, processes)


if __name__ == "__main__":
    main(test, sys.argv[1])
