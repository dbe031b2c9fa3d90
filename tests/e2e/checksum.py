# ctest: checksum_mariadb, 120 s, slow: mariadb
# ctest: checksum_mysql9, 120 s, slow: mysql9
"""A byte of the binlog that was changed on its way never reaches the target.

    checksum.py mariadb|mysql9

A proxy changes GOODVALUE to EVILVALUE in what the server sends. Once: the event is read again, and Doris
has the right value. Always: the job fails and names the event. Between the two the server stops writing
checksums and starts again, which changes nothing.
"""

import re
import sys

from proxy import Proxy
from servers import Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until

EVENT = r"bin\.\d+:\d+"

SCRIPT = """
SET 'pipeline.name' = 'sums';
SET 'execution.checkpointing.interval' = '200 ms';
CREATE TABLE s (id BIGINT, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'd', 'table-name' = 't',
  'scan.startup.mode' = 'earliest-offset');
CREATE TABLE k (id BIGINT, v STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'query-port' = '{query}',
  'table.identifier' = 'd.t', 'username' = 'root', 'password' = '', 'sink.label-prefix' = 'sums');
INSERT INTO k SELECT id, v FROM s;
"""


class Damage:
    """Changes the value in the first `times` pieces that hold it."""

    def __init__(self, times):
        self.left = times
        self.done = 0

    def __call__(self, data):
        if self.left == 0 or b"GOODVALUE" not in data:
            return data
        self.left -= 1
        self.done += 1
        return data.replace(b"GOODVALUE", b"EVILVALUE")


class Checksums:
    def __init__(self, folder, processes, kind):
        self.mysql = start_mysql(kind, folder / "mysql", binlog_checksum="CRC32")
        processes.append(self.mysql)
        self.mysql.create_user()
        self.mysql.run("CREATE DATABASE d",
                       "CREATE TABLE d.t (id BIGINT PRIMARY KEY, v VARCHAR(30))")
        self.proxy = Proxy(self.mysql.port)
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE d",
                       "CREATE TABLE d.t (id BIGINT NOT NULL, v VARCHAR(100)) UNIQUE KEY(id) "
                       "DISTRIBUTED BY HASH(id) BUCKETS 1 "
                       "PROPERTIES (\"replication_allocation\" = \"tag.location.default: 1\")")
        self.millrace = Millrace(folder / "millrace", folder / "state")
        processes.append(self.millrace)
        self.script = folder / "sums.sql"
        self.script.write_text(SCRIPT.format(mysql=self.proxy.port, http=self.doris.http_port,
                                             query=self.doris.query_port))
        self.rows = 0

    def rows_in_doris(self):
        return dict(self.doris.run("SELECT id, v FROM d.t ORDER BY id"))

    def insert(self, value="GOODVALUE"):
        self.rows += 1
        self.mysql.run(f"INSERT INTO d.t VALUES ({self.rows}, '{value}')")

    def wait_for_rows(self):
        wait_until(f"{self.rows} rows in Doris", lambda: len(self.rows_in_doris()) == self.rows,
                   alive=self.millrace)
        values = set(self.rows_in_doris().values())
        expect("EVILVALUE" not in values, "a changed value is in Doris")

    def changed_once(self):
        self.insert("first")
        self.millrace.start(self.script)
        self.wait_for_rows()
        say("changing a byte once")
        self.proxy.damage = Damage(1)
        self.insert()
        self.wait_for_rows()
        expect(self.proxy.damage.done == 1, "the proxy has changed nothing")
        expect(re.search(rf"WARN .*event at {EVENT} .*fails its checksum", self.millrace.log()),
               "the log does not name the event")
        self.insert()
        self.wait_for_rows()

    def without_sums(self):
        for setting in ("NONE", "CRC32"):
            say(f"the server writes with binlog_checksum = {setting}")
            self.mysql.run(f"SET GLOBAL binlog_checksum = '{setting}'")
            for _ in range(3):
                self.insert(f"with {setting}")
            self.wait_for_rows()
        say("starting where the server writes without checksums")
        self.mysql.run("SET GLOBAL binlog_checksum = 'NONE'")
        self.insert()
        self.wait_for_rows()
        expect(self.millrace.stop() == 0, "the job did not stop with status 0")
        self.insert()
        self.millrace.start(self.script)
        self.wait_for_rows()
        self.mysql.run("SET GLOBAL binlog_checksum = 'CRC32'")
        self.insert()
        self.wait_for_rows()

    def changed_always(self):
        say("changing a byte always")
        self.proxy.damage = Damage(-1)
        self.insert()
        status = self.millrace.wait()
        expect(status == 3, f"the job ended with status {status}, not 3")
        found = re.findall(rf"event at ({EVENT}) .*fails its checksum", self.millrace.log())
        expect(found and re.search("a second time", self.millrace.log()),
               "the log does not say that the event is damaged twice")
        expect(len(set(found[-2:])) == 1, f"different events: {found}")
        expect(len(self.rows_in_doris()) == self.rows - 1, "the changed row is in Doris")


def checksums(kind):
    with playground(f"checksum-{kind}") as (folder, processes):
        test = Checksums(folder, processes, kind)
        test.changed_once()
        test.without_sums()
        test.changed_always()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("mariadb", "mysql9"):
        sys.exit(__doc__)
    main(checksums, sys.argv[1])
