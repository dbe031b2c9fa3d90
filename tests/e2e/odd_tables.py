# ctest: odd_tables_mariadb, 120 s, slow: mariadb
# ctest: odd_tables_mysql9, 120 s, slow: mysql9
"""What else a server holds besides plain tables, under the oddest sql_mode it can be given: views and
sequences are no tables, rows of the past are no rows, and values stay what they are.

    odd_tables.py mariadb|mysql9

All these names match the pattern of one job. Doris must be equal to the rows that are, after the snapshot
and again after changes that come from the binlog, with millrace killed and started between them.
"""

import re
import sys

from servers import Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until

# Each of them changes how a literal, an identifier or a value is read or shown.
SQL_MODE = {"mariadb": "PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT,"
                       "IGNORE_SPACE,TIME_ROUND_FRACTIONAL,NO_UNSIGNED_SUBTRACTION,"
                       "ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE",
            "mysql9": "PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT,"
                      "IGNORE_SPACE,TIME_TRUNCATE_FRACTIONAL,NO_UNSIGNED_SUBTRACTION,"
                      "ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE"}

PERIOD = ("row_from TIMESTAMP(6) GENERATED ALWAYS AS ROW START, "
          "row_to TIMESTAMP(6) GENERATED ALWAYS AS ROW END, ")
# {table: definition}; the key of `words` needs every literal of the snapshot's pages to be right.
TABLES = {
    "t_plain": "(id INT PRIMARY KEY, v VARCHAR(30), c CHAR(8))",
    "t_words": "(v VARCHAR(30) PRIMARY KEY, id INT NOT NULL, c CHAR(8))",
    "t_columns": "(h INT INVISIBLE DEFAULT 7, g VARCHAR(60) AS (CONCAT(v, '!')) VIRTUAL, "
                 "v VARCHAR(30), s VARCHAR(60) AS (CONCAT(v, '?')) STORED, id INT PRIMARY KEY, c CHAR(8))",
    # Several of its keys are the same question mark in UTF-8.
    "t_codes": "(v VARCHAR(30) CHARACTER SET big5 PRIMARY KEY, id INT NOT NULL, c CHAR(8))",
    # MySQL gives it a primary key that it shows nowhere, see SETTINGS.
    "t_hidden": "(id INT NOT NULL, v VARCHAR(30), c CHAR(8))",
}
VERSIONED = {
    "t_now": "(id INT PRIMARY KEY, v VARCHAR(30), c CHAR(8)) WITH SYSTEM VERSIONING",
    "t_period": f"(id INT PRIMARY KEY, {PERIOD}v VARCHAR(30), c CHAR(8), "
                "PERIOD FOR SYSTEM_TIME(row_from, row_to)) WITH SYSTEM VERSIONING",
    "t_parts": "(id INT PRIMARY KEY, v VARCHAR(30), c CHAR(8)) WITH SYSTEM VERSIONING "
               "PARTITION BY SYSTEM_TIME (PARTITION old HISTORY, PARTITION new CURRENT)",
}
# An index over text makes MySQL 9.7 itself abort under PAD_CHAR_TO_FULL_LENGTH.
ONLY_MYSQL = {
    "t_function": "(id INT PRIMARY KEY, v VARCHAR(30), c CHAR(8), INDEX ((id % 10)))",
}
SETTINGS = {"mariadb": {},
            "mysql9": {"sql_generate_invisible_primary_key": "ON",
                       "show_gipk_in_create_table_and_information_schema": "OFF"}}
BY_TRANSACTION = ("(id INT PRIMARY KEY, row_from BIGINT UNSIGNED GENERATED ALWAYS AS ROW START, "
                  "row_to BIGINT UNSIGNED GENERATED ALWAYS AS ROW END, v VARCHAR(30), c CHAR(8), "
                  "PERIOD FOR SYSTEM_TIME(row_from, row_to)) WITH SYSTEM VERSIONING ENGINE=InnoDB")
WORDS = ["it's", "back\\", "\\", "\\'", "\"quoted\"", "a\\nb", "%_", "tail", "`", "x'; --", "ü\\ü"]
CODES = ["A3E1", "F9FE", "C87E", "C7FD", "A440", "F9DC", "C8FE41", "A3E141"]  # of big5
CHUNK_ROWS = 3

SCRIPT = """
SET 'pipeline.name' = 'odd';
SET 'execution.checkpointing.interval' = '200 ms';
CREATE TABLE s (table_name STRING METADATA VIRTUAL, id INT NOT NULL, v STRING, c STRING,
  PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'odd', 'table-name' = 't_.*',
  'scan.incremental.snapshot.chunk.size' = '{chunk}');
CREATE TABLE d (table_name STRING, id INT, v STRING, c STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'query-port' = '{query}',
  'table.identifier' = 'demo.odd', 'username' = 'root', 'password' = '',
  'sink.label-prefix' = 'odd');
INSERT INTO d SELECT table_name, id, v, c FROM s;
"""


class OddTables:
    def __init__(self, folder, processes, kind):
        self.kind = kind
        self.mysql = start_mysql(kind, folder / "mysql", sql_mode=SQL_MODE[kind], local_infile=1,
                                  **SETTINGS[kind])
        processes.append(self.mysql)
        self.mysql.create_user()
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE demo", "CREATE TABLE demo.odd (table_name varchar(50) NOT NULL, "
                       "id int NOT NULL, v varchar(100), c varchar(100)) UNIQUE KEY(table_name, id) "
                       "DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES ('replication_num' = '1')")
        self.job = Millrace(folder / "millrace", folder / "state")
        processes.append(self.job)
        self.script = folder / "odd.sql"
        self.script.write_text(SCRIPT.format(
            mysql=self.mysql.port, http=self.doris.http_port, query=self.doris.query_port,
            chunk=CHUNK_ROWS), encoding="utf-8")
        self.tables = {**TABLES, **(VERSIONED if kind == "mariadb" else ONLY_MYSQL)}

    def insert(self, table, number, word):
        connection = self.mysql.connect(sql_mode="NO_BACKSLASH_ESCAPES")
        try:
            with connection.cursor() as cursor:
                text = word.replace("'", "''")
                cursor.execute(f"INSERT INTO odd.{table} (id, v, c) VALUES ({number}, '{text}', 'c ')")
        finally:
            connection.close()

    def create(self):
        self.mysql.run("CREATE DATABASE odd")
        for table, definition in self.tables.items():
            self.mysql.run(f"CREATE TABLE odd.{table} {definition}")
            for number, word in enumerate(WORDS):
                if table != "t_codes" or word.isascii():
                    self.insert(table, number, word)
        for number, code in enumerate(CODES, start=50):
            self.mysql.run(f"INSERT INTO odd.t_codes VALUES (_big5 X'{code}', {number}, 'code')")
        self.mysql.run("CREATE VIEW odd.t_view AS SELECT * FROM odd.t_plain")
        if self.kind == "mariadb":
            self.mysql.run("CREATE SEQUENCE odd.t_sequence", "SELECT NEXTVAL(odd.t_sequence)")

    def change(self, base):
        """Every kind of change once in every table; nothing but the rows at the end may be seen."""
        for table in self.tables:
            self.insert(table, base, f"new {base} it's\\")
            self.mysql.run(
                f"UPDATE odd.{table} SET c = 'x {base}' WHERE id IN (1, 2, {base})",
                f"UPDATE odd.{table} SET id = {base + 1} WHERE id = 2",
                f"UPDATE odd.{table} SET id = 2 WHERE id = {base + 1}",
                f"DELETE FROM odd.{table} WHERE id = 3",
                f"REPLACE INTO odd.{table} (id, v, c) VALUES (4, 'replaced {base}', 'r')",
                f"INSERT INTO odd.{table} (id, v, c) VALUES (4, 'replaced {base}', 'r') "
                f"ON DUPLICATE KEY UPDATE c = 'again'",
                f"DELETE FROM odd.{table} WHERE id = 4")
            self.insert(table, 3, f"back again {base}")
        if self.kind == "mariadb":
            self.mysql.run("SELECT NEXTVAL(odd.t_sequence)", "ALTER SEQUENCE odd.t_sequence RESTART 50",
                           "SELECT NEXTVAL(odd.t_sequence)")

    def mysql_rows(self):
        rows = []
        for table in self.tables:
            rows += [(table, *map(str, row)) for row in
                     self.mysql.run("SET sql_mode = ''", f"SELECT id, v, c FROM odd.{table}")]
        return sorted(rows)

    def doris_rows(self):
        rows = self.doris.run("SELECT table_name, id, v, c FROM demo.odd")
        return sorted(tuple(map(str, row)) for row in rows)

    def follows(self, what):
        wanted = self.mysql_rows()
        try:
            wait_until(f"Doris to be equal to MySQL {what}", lambda: self.doris_rows() == wanted, 30,
                       alive=self.job)
        finally:
            seen = self.doris_rows()
            for row in sorted(set(seen) ^ set(wanted))[:20]:
                say(f"only in {'Doris' if row in seen else 'MySQL'}: {row}")

    def history_by_transaction(self):
        """MariaDB logs such tables as statements: refused by name, before anything is copied."""
        self.mysql.run("CREATE DATABASE trx", f"CREATE TABLE trx.t_trx {BY_TRANSACTION}")
        text = self.script.read_text(encoding="utf-8").replace("'odd'", "'trx'")
        file = self.script.with_name("trx.sql")
        file.write_text(text, encoding="utf-8")
        status, out, err = self.job.once(file)
        expect(status == 3, f"a table with history by transaction: status {status}\n{out}{err}")
        for word in ("trx.t_trx", "row_to", "TIMESTAMP"):
            expect(word in err, f"the refusal does not name {word}\n{err}")

    def prepare_xa(self, number):
        """A transaction that no query shows and whose rows are in the binlog already."""
        self.mysql.run(f"XA START 'x{number}'",
                       f"INSERT INTO odd.t_plain VALUES ({number}, 'prepared', 'x')",
                       f"XA END 'x{number}'", f"XA PREPARE 'x{number}'")

    def replace_beside_snapshot(self):
        """A table that is rebuilt between the opening of a reader's view and its turn in the snapshot."""
        holder = self.mysql.connect()
        try:
            with holder.cursor() as cursor:
                cursor.execute("LOCK TABLES odd.t_plain WRITE")
                started = self.job.log().count("retrying in")
                self.job.start("--fresh", self.script)
                wait_until("a reader of the snapshot to stand at the locked table",
                           lambda: [row for row in self.mysql.run("SHOW PROCESSLIST")
                                    if row[1] == "cdc" and "metadata lock" in str(row[6])
                                    and "t_plain" in str(row[7]) and "_schema" not in str(row[7])],
                           alive=self.job)
                cursor.execute("ALTER TABLE odd.t_plain FORCE")
                cursor.execute("UNLOCK TABLES")
        finally:
            holder.close()
        wait_until("the job to start again", lambda:
                   self.job.log().count("retrying in") > started, alive=self.job)
        self.change(500)
        self.follows("after a table was rebuilt beside the snapshot")
        expect(self.job.stop() == 0, "the status of a stopped job is not 0")

    def start_beside_xa(self):
        """The job begins when what was prepared before has come to an end, because its rows are before
        the place in the log from which it will read."""
        if self.kind == "mysql9":
            self.mysql.run("GRANT XA_RECOVER_ADMIN ON *.* TO cdc@'%'")
        self.prepare_xa(901)
        self.prepare_xa(902)
        self.job.start(self.script)
        wait_until("the job to wait for XA transactions",
                   lambda: "2 XA transaction(s)" in self.job.log(), alive=self.job)
        self.mysql.run("XA COMMIT 'x901'")
        self.mysql.run("XA ROLLBACK 'x902'")

    def xa_while_running(self):
        self.mysql.run("XA START 'y'", "UPDATE odd.t_plain SET c = 'single' WHERE id = 1", "XA END 'y'",
                       "XA COMMIT 'y' ONE PHASE")
        self.follows("after XA COMMIT ... ONE PHASE")

    def last_checkpoint(self):
        """The number of the newest checkpoint in the log; numbers go on over --fresh."""
        numbers = re.findall(r"checkpoint (\d+) complete", self.job.log())
        return int(numbers[-1]) if numbers else 0

    def start_fresh(self):
        """Doris is equal before it begins: what comes next must not come before its first checkpoint."""
        seen = self.last_checkpoint()
        self.job.start("--fresh", self.script)
        wait_until("a new first checkpoint", lambda: self.last_checkpoint() > seen, alive=self.job)
        self.follows("from the beginning")

    def statements_instead_of_rows(self):
        """Sessions that write without rows in the log, from outside of the database too."""
        self.mysql.run("CREATE DATABASE elsewhere", "CREATE TABLE elsewhere.t (id INT PRIMARY KEY)")
        file = self.script.with_name("rows.txt")
        file.write_text("911\tloaded\tx\n", encoding="utf-8")
        file.chmod(0o644)
        for statement in ("INSERT INTO odd.t_plain VALUES (910, 'words only', 'x')",
                          "CREATE TABLE odd.t_made (id INT PRIMARY KEY) SELECT 1 AS id",
                          f"LOAD DATA LOCAL INFILE '{file}' INTO TABLE odd.t_plain"):
            self.start_fresh()
            rows = self.doris_rows()
            connection = self.mysql.connect(local_infile=True)
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SET SESSION binlog_format = 'STATEMENT'")
                    cursor.execute("INSERT INTO elsewhere.t VALUES (1) ON DUPLICATE KEY UPDATE id = 1")
                    cursor.execute(statement)
            finally:
                connection.close()
            status = self.job.wait()
            end = self.job.log_tail(1)
            expect(status == 3 and "binlog_format" in end and statement[:20] in end and "--fresh" in end,
                   f"{statement}: status {status}\n{self.job.log_tail()}")
            expect(self.doris_rows() == rows, f"{statement} changed Doris")
            self.mysql.run("DELETE FROM odd.t_plain WHERE id IN (910, 911)",
                           "DROP TABLE IF EXISTS odd.t_made")
        self.start_fresh()
        expect(self.job.stop() == 0, "the status of a stopped job is not 0")

    def xa_in_two_phases(self):
        """Rows that may still be rolled back: refused by name, and nothing of them gets into Doris."""
        rows = self.doris_rows()
        self.job.start(self.script)
        self.prepare_xa(903)
        status = self.job.wait()
        expect(status == 3 and "XA" in self.job.log_tail(1) and "--fresh" in self.job.log_tail(1),
               f"XA PREPARE of a captured table: status {status}\n{self.job.log_tail()}")
        expect(self.doris_rows() == rows, "a row that was only prepared is in Doris")

    def go(self):
        self.create()
        self.change(100)
        self.start_beside_xa()
        self.follows("after the snapshot")
        self.xa_while_running()
        self.change(200)
        self.follows("in the binlog")
        self.job.kill()
        self.change(300)
        if self.kind == "mariadb":
            self.mysql.run("DELETE HISTORY FROM odd.t_now", "DELETE HISTORY FROM odd.t_period",
                           "CREATE SEQUENCE odd.t_gone", "SELECT NEXTVAL(odd.t_gone)",
                           "DROP SEQUENCE odd.t_gone")
        self.job.start(self.script)
        self.follows("after a kill")
        self.mysql.run(f"CREATE TABLE odd.t_later {next(reversed(self.tables.values()))}")
        self.tables["t_later"] = ""
        for number in range(6):
            self.insert("t_later", number, WORDS[number])
        self.change(400)
        self.follows("with a table that came later")
        expect(self.job.stop() == 0, "the status of a stopped job is not 0")
        said = [line for line in self.job.log().splitlines() if "t_view" in line]
        expect(all("views are not captured" in line for line in said), f"the view was taken for a table: {said}")
        self.replace_beside_snapshot()
        self.statements_instead_of_rows()
        self.xa_in_two_phases()
        self.mysql.run("XA ROLLBACK 'x903'")
        if self.kind == "mariadb":
            self.history_by_transaction()
        say(f"{len(self.mysql_rows())} rows of {len(self.tables)} tables under sql_mode {SQL_MODE[self.kind]}")


def test(kind):
    with playground(f"odd-{kind}") as (folder, processes):
        OddTables(folder, processes, kind).go()


if __name__ == "__main__":
    main(test, sys.argv[1])
