# ctest: compressed_mysql9, 400 s, slow: mysql9
# ctest: compressed_mariadb, 400 s, slow: mariadb
"""A large compressed transaction is read with little memory, and connections may be lost in it.

    compressed.py mariadb|mysql9

MySQL compresses a whole transaction into one event, MariaDB each event. Millions of rows in one
transaction go to `blackhole` first, for the memory, and some of them to Doris, with the connection cut in
the middle again and again, for the rows.
"""

import re
import sys

from proxy import Proxy
from servers import (BINARY_DIR, Millrace, Minidoris, expect, main, playground, say, start_mysql,
                     wait_until)

ROWS = {"mysql9": 4_000_000, "mariadb": 1_000_000}
MEMORY_MAX_MIB = 64
DEADLINE_S = 240
SMALL_ROWS = 300_000  # compressed: some megabytes
BUDGET_BYTES = 3_000_000
CUTS = 3

NUMBERS = ("INSERT INTO {table} WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n "
           "WHERE i < {rows}) SELECT i, SHA2(i, 224) FROM n")

SCRIPT = """
SET 'pipeline.name' = '{table}';
SET 'execution.checkpointing.interval' = '500 ms';
CREATE TABLE s (id BIGINT, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'd', 'table-name' = '{table}',
  'scan.startup.mode' = 'earliest-offset');
"""
TO_NOWHERE = """CREATE TABLE k (id BIGINT, v STRING) WITH ('connector' = 'blackhole');
INSERT INTO k SELECT id, v FROM s;
"""
TO_DORIS = """CREATE TABLE k (id BIGINT, v STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'query-port' = '{query}',
  'table.identifier' = 'd.t', 'username' = 'root', 'password' = '', 'sink.label-prefix' = 'packed');
INSERT INTO k SELECT id, v FROM s;
"""


def peak_mib(process):
    with open(f"/proc/{process.child.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) / 1024


class Compressed:
    def __init__(self, folder, processes, kind):
        self.folder = folder
        self.processes = processes
        self.kind = kind
        settings = {"log_bin_compress": "ON"} if kind == "mariadb" else {}
        self.mysql = start_mysql(kind, folder / "mysql", max_binlog_size="1G",
                                 binlog_cache_size="32M", **settings)
        processes.append(self.mysql)
        self.mysql.create_user()
        depth = "max_recursive_iterations" if kind == "mariadb" else "cte_max_recursion_depth"
        self.mysql.run(f"SET GLOBAL {depth} = 10000000", "CREATE DATABASE d")
        self.proxy = Proxy(self.mysql.port)

    def fill(self, table, rows):
        say(f"{rows} rows in one compressed transaction")
        compress = [] if self.kind == "mariadb" else ["SET binlog_transaction_compression = ON"]
        self.mysql.run("USE d", f"CREATE TABLE {table} (id BIGINT PRIMARY KEY, v VARCHAR(100))", *compress,
                       NUMBERS.format(table=table, rows=rows))

    def start(self, name, script):
        path = self.folder / f"{name}.sql"
        path.write_text(script)
        millrace = Millrace(self.folder / name, self.folder / "state")
        self.processes.append(millrace)
        return millrace.start(path)

    def memory(self):
        rows = ROWS[self.kind]
        self.fill("big", rows)
        millrace = self.start("memory", SCRIPT.format(mysql=self.mysql.port, table="big") + TO_NOWHERE)

        def all_came():
            counts = re.findall(r"(\d+) in all", millrace.log())
            return counts and int(counts[-1]) >= rows
        wait_until("all rows to be read", all_came, DEADLINE_S, alive=millrace)
        peak = peak_mib(millrace)
        say(f"peak resident memory: {peak:.0f} MiB")
        expect(millrace.stop() == 0, "the job did not stop with status 0")
        if not re.search("san$", BINARY_DIR.name):  # sanitizers need several times as much
            expect(peak < MEMORY_MAX_MIB, f"{peak:.0f} MiB, not below {MEMORY_MAX_MIB} MiB")

    def cuts(self):
        doris = Minidoris(self.folder / "doris")
        self.processes.append(doris)
        doris.start()
        doris.run("CREATE DATABASE d",
                  "CREATE TABLE d.t (id BIGINT NOT NULL, v VARCHAR(300)) UNIQUE KEY(id) "
                  "DISTRIBUTED BY HASH(id) BUCKETS 1 "
                  "PROPERTIES (\"replication_allocation\" = \"tag.location.default: 1\")")
        self.fill("small", SMALL_ROWS)
        left = [CUTS]

        def budgets():
            left[0] -= 1
            return (None, BUDGET_BYTES if left[0] >= 0 else None)
        self.proxy.limit(budgets)
        millrace = self.start("cuts", SCRIPT.format(mysql=self.proxy.port, table="small") +
                              TO_DORIS.format(http=doris.http_port, query=doris.query_port))
        wait_until("all rows to be in Doris",
                   lambda: int(doris.run("SELECT COUNT(*) FROM d.t")[0][0]) == SMALL_ROWS,
                   DEADLINE_S, alive=millrace)
        expect(self.proxy.cuts > 0, "no connection was cut")
        expect(millrace.stop() == 0, "the job did not stop with status 0")
        loaded = sum(int(n) for n in re.findall(r"complete in \d+ ms: (\d+) rows", millrace.log()))
        expect(loaded == SMALL_ROWS, f"{loaded} rows were loaded, not {SMALL_ROWS}")
        last = doris.run(f"SELECT v FROM d.t WHERE id = {SMALL_ROWS}")[0][0]
        expect(last == self.mysql.run(f"SELECT v FROM d.small WHERE id = {SMALL_ROWS}")[0][0],
               f"the last row has the value {last}")


def compressed(kind):
    with playground(f"compressed-{kind}") as (folder, processes):
        test = Compressed(folder, processes, kind)
        test.cuts()
        test.memory()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("mariadb", "mysql9"):
        sys.exit(__doc__)
    main(compressed, sys.argv[1])
