# ctest: backlog_mariadb, 240 s, slow: mariadb
# ctest: backlog_mysql9, 240 s, slow: mysql9
"""A backlog of large transactions is worked off in checkpoints, not in one.

    backlog.py mariadb|mysql9

Transactions larger than a batch cut batches in their middle; a checkpoint that is due must find a
place to go on from all the same, long before the backlog ends.
"""

import re
import sys

from servers import Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until

TRANSACTIONS = 80
ROWS = 9_001         # of a transaction: more than a batch takes, and no multiple of it
INTERVAL_MS = 100
SHARE_MAX = 0.25     # of the backlog in one checkpoint
DEADLINE_S = 150

SCRIPT = """
SET 'execution.checkpointing.interval' = '{interval} ms';
CREATE TABLE source (id BIGINT, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'd', 'table-name' = 't',
  'scan.startup.mode' = 'earliest-offset');
CREATE TABLE sink (id BIGINT, v STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'query-port' = '{query}',
  'table.identifier' = 'd.t', 'username' = 'root', 'password' = '', 'sink.label-prefix' = 'backlog');
INSERT INTO sink SELECT id, v FROM source;
"""

NUMBERS = ("WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) "
           "SELECT i + {first}, REPEAT('x', 200) FROM n")


def backlog(kind):
    with playground(f"backlog-{kind}") as (folder, processes):
        mysql = start_mysql(kind, folder / "mysql")
        processes.append(mysql)
        doris = Minidoris(folder / "doris")
        processes.append(doris)
        doris.start()
        millrace = Millrace(folder / "millrace", folder / "state")
        processes.append(millrace)
        mysql.create_user()
        depth = "max_recursive_iterations" if kind == "mariadb" else "cte_max_recursion_depth"
        mysql.run(f"SET GLOBAL {depth} = 1000000", "CREATE DATABASE d",
                  "CREATE TABLE d.t (id BIGINT PRIMARY KEY, v VARCHAR(300))")
        for i in range(TRANSACTIONS):
            mysql.run("INSERT INTO d.t " + NUMBERS.format(rows=ROWS, first=i * ROWS))
        doris.run("CREATE DATABASE d",
                  "CREATE TABLE d.t (id BIGINT NOT NULL, v VARCHAR(1000)) UNIQUE KEY(id) "
                  "DISTRIBUTED BY HASH(id) BUCKETS 1 "
                  "PROPERTIES (\"replication_allocation\" = \"tag.location.default: 1\")")
        script = folder / "backlog.sql"
        script.write_text(SCRIPT.format(interval=INTERVAL_MS, mysql=mysql.port,
                                        http=doris.http_port, query=doris.query_port))
        millrace.start(script)
        total = TRANSACTIONS * ROWS
        say(f"waiting for {total} rows of {TRANSACTIONS} transactions")
        wait_until("the backlog to be in Doris",
                   lambda: int(doris.run("SELECT COUNT(*) FROM d.t")[0][0]) == total, DEADLINE_S,
                   alive=millrace)
        expect(millrace.stop() == 0, "the job did not stop with status 0")
        sizes = [int(rows) for rows in re.findall(r"complete in \d+ ms: (\d+) rows",
                                                  millrace.log())]
        say(f"rows of the checkpoints: {sizes}")
        expect(sum(sizes) == total, f"the checkpoints have {sum(sizes)} rows, not {total}")
        expect(max(sizes) <= SHARE_MAX * total, f"one checkpoint has {max(sizes)} of {total} rows")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("mariadb", "mysql9"):
        sys.exit(__doc__)
    main(backlog, sys.argv[1])
