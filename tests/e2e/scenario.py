# ctest: scenario_mariadb, 420 s, slow: mariadb
# ctest: scenario_mysql9, 420 s, slow: mysql9
"""The scenario, point by point, over separate processes.

    scenario.py mariadb|mysql9

Four shards with 116 employees become one Doris table and stay in step with it: rows, deletes, new
tables, a kill, and each of the servers going away and coming back.
"""

import re
import sys

import shards
from servers import (Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until)

CHECKPOINT_S = 10   # the script's own interval
SLACK_S = 20        # for the work itself on a busy machine
ONE_CHECKPOINT_S = CHECKPOINT_S + SLACK_S


def statements(script):
    """The statements of the script, comments dropped."""
    text = "\n".join(line for line in script.splitlines() if not line.startswith("--"))
    return [part.strip() + ";" for part in text.split(";") if part.strip()]


def to_the_letter(script):
    """The example with the spellings of scripts for Flink 1.14, which only Millrace still runs."""
    for new, old in (
            ("SET 'execution.checkpointing.interval' = '10s';",
             "SET execution.checkpointing.interval = 10s;"),
            ("  'sink.enable-2pc' = 'true',\n  'sink.properties.format' = 'json',\n"
             "  'sink.properties.strict_mode' = 'true',\n",
             "  'sink.properties.two_phase_commit'='true',\n")):
        expect(new in script, f"the example does not contain {new}")
        script = script.replace(new, old, 1)
    return script


class Scenario:
    def __init__(self, kind, folder, processes):
        self.folder = folder
        self.mysql = start_mysql(kind, folder / "mysql")
        processes.append(self.mysql)
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.millrace = Millrace(folder / "millrace", folder / "state")
        processes.append(self.millrace)
        self.shards = list(shards.SHARDS)

    def prepare(self):
        self.mysql.create_user()
        shards.load_shards(self.mysql)
        self.doris.run("CREATE DATABASE demo", shards.DORIS_TABLE)
        self.script = self.folder / "employees.sql"
        self.script.write_text(to_the_letter(shards.script_for(self.mysql, self.doris)),
                               encoding="utf-8")
        (self.interval, self.source, self.sink, self.insert) = statements(self.script.read_text())
        expect(self.interval == "SET execution.checkpointing.interval = 10s;", self.interval)

    def doris_follows(self, what):
        say(f"waiting for Doris: {what}")
        def equal():
            wanted = shards.mysql_rows(self.mysql, self.shards)
            return shards.doris_rows(self.doris) == wanted
        wait_until(f"Doris to hold the rows of MySQL: {what}", equal, ONE_CHECKPOINT_S,
                   alive=self.millrace)

    def shell(self, *parts):
        status, out, err = self.millrace.once("--color", "never", text="\n".join(parts) + "\n")
        expect(status == 0, f"status {status} of {parts[-1]}\n{out}\n{err}")
        return out, err

    # --- the points of the scenario, 1 to 5 ----------------------------------------------------
    def look_first(self):
        quoted = "SET 'execution.checkpointing.interval' = '10s';"
        out, _ = self.shell(self.interval, quoted, self.source, "SELECT * FROM employees_source "
                            "LIMIT 10;")
        numbers = set(re.findall(r"\b10[01]\d\d\b", out))
        expect(len(numbers) == 10, f"SELECT ... LIMIT 10 shows {len(numbers)} employees\n{out}")
        known = {row[0] for rows in shards.read_csv().values() for row in rows}
        expect(numbers <= known, f"employees nobody knows\n{out}")
        expect("emp_" in out and "employees_" in out, f"no database and table names\n{out}")
        out, err = self.shell(self.interval, self.sink, "SELECT * FROM cdc_doris_sink;")
        expect(not re.search(r"\b10[01]\d\d\b", out), f"Doris is empty, but SELECT shows\n{out}")
        say("points 1 to 5: settings, tables and both SELECTs")

    # --- 6 to 8 -----------------------------------------------------------------------------------
    def snapshot(self):
        self.millrace.start(self.script)
        self.doris_follows("the four shards")
        rows = self.doris.run("SELECT database_name, table_name, COUNT(*) FROM "
                              "demo.all_employees_info GROUP BY database_name, table_name "
                              "ORDER BY database_name, table_name")
        counts = [int(row[2]) for row in rows]
        expect(counts == [36, 18, 30, 32], f"rows per shard: {rows}")
        out, _ = self.shell(self.sink, "SELECT * FROM cdc_doris_sink;")
        expect(len(re.findall(r"\b10[01]\d\d\b", out)) >= 116, f"SELECT from Doris shows\n{out}")
        say("point 6: all rows with their database and table names")

    def changes(self):
        self.mysql.run(
            "INSERT INTO emp_1.employees_1 VALUES "
            "(20001, '1990-05-17', 'Ada', 'Lovelace', 'F', '2020-01-01'),"
            "(20002, '1991-06-18', 'O''Brien \\\\', 'Ta\\tb \"q\"', 'M', '2020-01-02')",
            "UPDATE emp_1.employees_2 SET last_name = 'Changed' WHERE emp_no = 10040",
            "UPDATE emp_2.employees_1 SET birth_date = '1970-01-01' WHERE emp_no = 10055",
            "UPDATE emp_2.employees_2 SET emp_no = 29999 WHERE emp_no = 10090",
            "DELETE FROM emp_2.employees_2 WHERE emp_no = 10100",
            "INSERT INTO emp_2.employees_1 VALUES (20003, '1992-07-19', 'Zoë', '测试', 'F', "
            "'2020-01-03')")
        shards.create_shard(self.mysql, "emp_2", "employees_3",
                            [(30001, "1985-12-10", "Grace", "Hopper", "F", "2021-06-01")])
        shards.create_shard(self.mysql, "emp_3", "employees_1",
                            [(31001, "1986-01-11", "Jean", "Bartik", "F", "2021-06-02")])
        shards.create_shard(self.mysql, "emp_x", "employees_1",
                            [(39001, "1986-01-11", "Not", "Matching", "F", "2021-06-02")])
        self.shards += [("emp_2", "employees_3"), ("emp_3", "employees_1")]
        self.doris_follows("changes in all shards and two new tables")
        say("point 7: inserts, updates, deletes and new tables follow")

    def delete_three(self):
        count = "SELECT COUNT(*) FROM demo.all_employees_info"
        before = int(self.doris.run(count)[0][0])
        self.mysql.run("DELETE FROM emp_1.employees_1 WHERE emp_no IN (10001, 10002, 10003)")
        self.doris_follows("a delete of three rows")
        after = int(self.doris.run(count)[0][0])
        expect(before - after == 3, f"DELETE of three rows: {before} rows before, {after} after")
        say("point 7: DELETE ... IN (a, b, c) lowers the count by three")

    def log_of_loads(self):
        log = self.millrace.log()
        loads = [line for line in log.splitlines() if "doris_demo_emp_001" in line]
        expect(loads, "the log names no label\n" + self.millrace.log_tail())
        for word in ("rows", "bytes", "ms", "transaction"):
            expect(any(word in line for line in loads), f"no load's line tells {word}:\n"
                   + "\n".join(loads[:6]))
        say("point 8: the log tells label, transaction, rows, bytes and time")

    # --- 9 -------------------------------------------------------------------------------------------
    def kill_and_resume(self):
        self.millrace.kill()
        self.mysql.run("INSERT INTO emp_1.employees_2 VALUES "
                       "(20010, '1993-01-01', 'While', 'Away', 'M', '2022-01-01')",
                       "DELETE FROM emp_2.employees_1 WHERE emp_no = 10056")
        self.millrace.start(self.script)
        self.doris_follows("what happened while millrace was dead")
        say("point 9: killed and started again")

    def doris_goes_away(self):
        self.doris.kill()
        self.mysql.run("UPDATE emp_1.employees_1 SET first_name = 'NoDoris' WHERE emp_no < 10010")
        self.doris.start()
        self.doris_follows("what happened while Doris was dead")
        say("point 9: Doris went away and came back")

    def mysql_goes_away(self):
        self.mysql.run("UPDATE emp_1.employees_1 SET first_name = 'Before' WHERE emp_no < 10008")
        self.mysql.kill()
        self.mysql.start()
        self.mysql.run("UPDATE emp_2.employees_1 SET first_name = 'After' WHERE emp_no < 10060")
        self.doris_follows("what happened around the death of MySQL")
        say("point 9: MySQL went away and came back")

    def stop(self):
        self.mysql.run("DELETE FROM emp_1.employees_2 WHERE emp_no = 10041")
        status = self.millrace.stop()
        expect(status == 0, f"status {status} after SIGTERM\n{self.millrace.log_tail()}")
        self.millrace.start(self.script)
        self.doris_follows("after a graceful stop and a new start")
        left = self.doris.run("SHOW TRANSACTION FROM demo WHERE STATUS = 'PRECOMMITTED'")
        self.millrace.stop()
        expect(len(left) <= 1, f"transactions left behind: {left}")


def scenario(kind):
    with playground(f"scenario-{kind}") as (folder, processes):
        test = Scenario(kind, folder, processes)
        test.prepare()
        test.look_first()
        test.snapshot()
        test.changes()
        test.delete_three()
        test.log_of_loads()
        test.kill_and_resume()
        test.doris_goes_away()
        test.mysql_goes_away()
        test.stop()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("mariadb", "mysql9"):
        sys.exit(__doc__)
    main(scenario, sys.argv[1])
