# ctest: bad_input, 300 s, slow
"""Bad input, one case after the other: the exit status, what the message must name, and that nothing
was half-done. Every case starts from the example script, which is right, and breaks one thing."""

import json
import os
import re
import shutil
import subprocess

import shards
from servers import (BINARY_DIR, MariaDb, Millrace, Minidoris, TestFailure, expect, main, playground,
                     say, wait_until)

NOT_ACCEPTED = 1
WRONG_USAGE = 2
JOB_FAILED = 3
LOCATION = r"\.sql:\d+:\d+: error: "
PASSWORD = "cdc-secret"

# (name, what to replace, by what, all of these must be in the message)
IN_THE_SCRIPT = [
    ("unknown option", "'sink.label-prefix'", "'sink.label-prefux'",
     [LOCATION, "sink.label-prefux", "hint: .*sink.label-prefix"]),
    ("missing option", "    'hostname' = '127.0.0.1',\n", "", [LOCATION, "hostname"]),
    ("unknown connector", "'mysql-cdc'", "'mysql-cdd'", [LOCATION, "mysql-cdd", "mysql-cdc"]),
    ("bad number", "'port' = '", "'port' = 'x", [LOCATION, "port"]),
    ("unknown table", "from employees_source", "from employees_sorce",
     [LOCATION, "employees_sorce", "hint: .*employees_source"]),
    ("unknown sink", "insert into cdc_doris_sink", "insert into cdc_doris_sinc",
     [LOCATION, "cdc_doris_sinc"]),
    ("unknown column", "select emp_no,cast", "select emp_nr,cast", [LOCATION, "emp_nr"]),
    ("unknown column of the sink", "sink (emp_no,", "sink (emp_nr,", [LOCATION, "emp_nr"]),
    ("wrong type", "cast(birth_date as string) as birth_date", "emp_no > 1 as birth_date",
     [LOCATION]),
    ("too few columns", ",database_name,table_name from", ",database_name from", [LOCATION]),
    ("unknown type", "first_name STRING", "first_name STRINK", [LOCATION, "STRINK"]),
    ("unknown metadata column", "table_name STRING METADATA VIRTUAL",
     "table_name STRING METADATA FROM 'tabel_name' VIRTUAL", [LOCATION, "tabel_name"]),
    ("not SQL", "CREATE TABLE employees_source", "CREATE TABEL employees_source",
     [LOCATION, "TABEL"]),
    ("bad regular expression", "'employees_[0-9]+'", "'employees_[0-9'", [LOCATION, "table-name", "hint: "]),
    ("bad duration", "interval' = '1s'", "interval' = '1parsec'", [LOCATION, "parsec"]),
    ("port out of range", "'port' = '", "'port' = '9", [LOCATION, "port"]),
    ("bad start mode", "'connector' = 'mysql-cdc',", "'connector' = 'mysql-cdc', "
     "'scan.startup.mode' = 'initail',", [LOCATION, "initail", "initial"]),
    ("bad server id", "'connector' = 'mysql-cdc',", "'connector' = 'mysql-cdc', 'server-id' = 'x',",
     [LOCATION, "server-id", "hint: .*5400"]),
    ("missing option of the sink", "  'table.identifier' = 'demo.all_employees_info',\n", "",
     [LOCATION, "table.identifier"]),
    ("table of the sink without its database", "'demo.all_employees_info'", "'all_employees_info'",
     [LOCATION, "table.identifier", "all_employees_info"]),
    ("bad address of Doris", "'fenodes' = '127.0.0.1:", "'fenodes' = 'http://127.0.0.1:x",
     [LOCATION, "fenodes"]),
    ("unknown function", "cast(hire_date as string)", "upperr(first_name)", [LOCATION, "upperr"]),
]

# The same, but only the world can tell: the job fails.
IN_THE_WORLD = [
    ("no table matches", "'employees_[0-9]+'", "'employes_[0-9]+'", ["employes_"]),
    ("no database matches", "'emp_[0-9]+'", "'empp_[0-9]+'", ["empp_"]),
    ("wrong password", PASSWORD, "wrong-secret", ["cdc", "(?i)access denied|password"]),
    ("no such user", "'username' = 'cdc'", "'username' = 'stranger'", ["stranger"]),
    ("may not follow the binlog", "'username' = 'cdc'", "'username' = 'reader'",
     ["reader", "GRANT REPLICATION SLAVE, REPLICATION CLIENT", "(?i)access denied"]),
    ("may not read", "'username' = 'cdc'", "'username' = 'follower'", ["emp_|SELECT|employees_"]),
    ("column of another type", "    birth_date date", "    birth_date int", ["birth_date"]),
    ("column MySQL does not have", "first_name STRING", "first_name STRING, middle_name STRING",
     ["employees_source", "middle_name", "(?i)leave it out"]),
    ("Doris table missing", "'demo.all_employees_info'", "'demo.all_employes_info'",
     ["all_employes_info"]),
    ("Doris database missing", "'demo.all_employees_info'", "'dema.all_employees_info'", ["dema"]),
    ("Doris column too short", "'demo.all_employees_info'", "'demo.short'",
     ["demo.short", "first_name", "(?i)too long|length"]),
    ("Doris without the column", "'demo.all_employees_info'", "'demo.narrow'",
     ["last_name|gender|hire_date", "narrow"]),
    ("wrong Doris password", "'password' = ''", "'password' = 'wrong-secret'",
     ["(?i)access denied|password|user"]),
]


class BadInput:
    def __init__(self, folder, processes):
        self.folder = folder
        self.processes = processes
        self.mysql = MariaDb(folder / "mysql")
        processes.append(self.mysql)
        self.mysql.start()
        self.mysql.create_user()
        self.mysql.run(
            "CREATE USER reader@'%' IDENTIFIED BY 'cdc-secret'", "GRANT SELECT ON *.* TO reader@'%'",
            "CREATE USER follower@'%' IDENTIFIED BY 'cdc-secret'",
            "GRANT REPLICATION SLAVE, REPLICATION CLIENT, RELOAD ON *.* TO follower@'%'")
        shards.load_shards(self.mysql)
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE demo", shards.DORIS_TABLE,
                       "CREATE TABLE demo.narrow (emp_no int NOT NULL, birth_date date, first_name "
                       "varchar(20)) UNIQUE KEY(emp_no, birth_date) DISTRIBUTED BY HASH(emp_no) "
                       "BUCKETS 1 PROPERTIES ('replication_num' = '1')",
                       shards.DORIS_TABLE.replace("all_employees_info", "short")
                       .replace("first_name varchar(20)", "first_name varchar(3)"))
        self.script = shards.script_for(self.mysql, self.doris, interval="1s")
        self.wrong = []
        self.cases = 0

    def case(self, name, status, patterns, outcome, prepared=False):
        """Judges one outcome; goes on, so that one run shows all that is wrong. `prepared`: a load may
        be left in Doris, not visible, for the next run to drop."""
        self.cases += 1
        got, out, err = outcome
        text = out + err
        findings = []
        if got != status:
            findings.append(f"exit status {got}, expected {status}")
        findings += [f"does not say {pattern!r}" for pattern in patterns
                    if not re.search(pattern, text)]
        if PASSWORD in text or "wrong-secret" in text:
            findings.append("shows a password")
        if self.count():
            findings.append("rows are in Doris")
            self.doris.run("TRUNCATE TABLE demo.all_employees_info")
        if not prepared and self.prepared():
            findings.append("left a prepared transaction")
        if os.environ.get("SHOW") == "1":
            say(f"{name}: status {got}\n{indent(text[-1500:])}")
        if findings:
            self.wrong.append(f"{name}: {'; '.join(findings)}\n" + indent(text[-1500:]))

    def prepared(self):
        return self.doris.run("SHOW TRANSACTION FROM demo WHERE STATUS = 'PRECOMMITTED'")

    def count(self):
        return int(self.doris.run("SELECT COUNT(*) FROM demo.all_employees_info")[0][0])

    def run_text(self, text, *arguments, program=None):
        """Runs a script with a state folder of its own."""
        state = self.folder / "state"
        shutil.rmtree(state, ignore_errors=True)
        file = self.folder / "case.sql"
        file.write_text(text, encoding="utf-8")
        return self.again(file, state, *arguments, program=program)

    def again(self, file, state, *arguments, program=None):
        millrace = Millrace(self.folder / "millrace", state)
        try:
            if program:
                done = subprocess.run([*program, BINARY_DIR / "millrace", file],
                                      env=millrace.environment(), capture_output=True, text=True,
                                      timeout=60, check=False)
                return done.returncode, done.stdout, done.stderr
            return millrace.once(*arguments, file, deadline_s=40)
        except subprocess.TimeoutExpired as late:
            return "still running", "", (late.stderr or b"").decode(errors="replace")

    def broken(self, old, new):
        expect(old in self.script, f"the script does not contain {old}")
        return self.script.replace(old, new, 1)

    def in_the_script(self):
        for name, old, new, patterns in IN_THE_SCRIPT:
            text = self.broken(old, new)
            self.case(name, NOT_ACCEPTED, patterns, self.run_text(text))
            self.case(f"check: {name}", NOT_ACCEPTED, patterns,
                      Millrace(self.folder / "millrace", self.folder / "state").once(
                          "check", self.folder / "case.sql"))

    def in_the_world(self):
        for name, old, new, patterns in IN_THE_WORLD:
            self.case(name, JOB_FAILED, patterns, self.run_text(self.broken(old, new)))

    def unreachable(self):
        """No server listens there. That may pass: the job names the address it waits for, and can be stopped."""
        for name, old, new in (
                ("no MySQL there", f"'port' = '{self.mysql.port}'", "'port' = '1'"),
                ("no Doris there", f"127.0.0.1:{self.doris.http_port}", "127.0.0.1:1")):
            file = self.folder / "case.sql"
            file.write_text(self.broken(old, new), encoding="utf-8")
            job = Millrace(self.folder / name.replace(" ", "-"), self.folder / "waiting")
            self.processes.append(job)
            job.start(file)
            wait_until(f"{name}: a warning with the address",
                       lambda job=job: re.search(r"WARN .*127\.0\.0\.1:1\b.*connect", job.log()), alive=job)
            self.case(name, 0, [], (job.stop(), job.log(), ""))

    def usage(self):
        once = Millrace(self.folder / "millrace", self.folder / "state").once
        self.case("no such file", WRONG_USAGE, ["nowhere.sql"], once("nowhere.sql"))
        self.case("no such option", WRONG_USAGE, ["--frsh"], once("--frsh"))
        self.case("correct script checked", 0, [], self.run_text(self.script, "check"))

    def server_settings(self):
        off = MariaDb(self.folder / "off", log_bin=None)
        self.processes.append(off)
        off.start()
        off.create_user()
        shards.load_shards(off)
        self.case("binlog off", JOB_FAILED, ["(?i)binlog|binary log|log_bin"],
                  self.run_text(shards.script_for(off, self.doris, interval="1s")))
        off.kill()
        self.mysql.run("SET GLOBAL binlog_format = 'STATEMENT'")
        self.case("binlog format", JOB_FAILED, ["binlog_format", "ROW"], self.run_text(self.script))
        self.mysql.run("SET GLOBAL binlog_format = 'ROW'")
        self.mysql.run("SET GLOBAL binlog_row_image = 'MINIMAL'")
        self.case("binlog row image", JOB_FAILED, ["binlog_row_image", "FULL"],
                  self.run_text(self.script))
        self.mysql.run("SET GLOBAL binlog_row_image = 'FULL'")

    def two_phase_commit_off(self):
        self.doris.stop()
        self.doris.options = ("--disable-stream-load-2pc",)
        self.doris.start()
        self.case("2PC off in Doris", JOB_FAILED,
                  ["demo.all_employees_info", r"Two phase commit \(2PC\).*disabled",
                   "disable_stream_load_2pc = false", "be.conf"], self.run_text(self.script))
        self.doris.stop()
        self.doris.options = ()
        self.doris.start()
        # The user asking for it.
        text = self.broken("'sink.enable-2pc' = 'true'",
                           "'sink.properties.two_phase_commit'='false', 'sink.enable-2pc'='false'")
        self.case("2PC off in the script", NOT_ACCEPTED,
                  [LOCATION, "sink.enable-2pc", "two_phase_commit"], self.run_text(text))

    def checkpoint_file(self):
        """A run that ends well leaves a checkpoint; damaged, it must be refused by name."""
        state = self.folder / "state"
        shutil.rmtree(state, ignore_errors=True)
        file = self.folder / "case.sql"
        file.write_text(self.script, encoding="utf-8")
        millrace = Millrace(self.folder / "job", state)
        self.processes.append(millrace)
        millrace.start(file)
        wait_until("the rows in Doris", lambda: self.count() == 116, alive=millrace)
        expect(millrace.stop() == 0, "a good run ends with another status than 0")
        expect(not self.prepared(), "a load of a run that failed is still prepared")
        number, path = millrace.checkpoints(shards.JOB)[-1]
        good = path.read_text()
        expect(PASSWORD not in good, f"{path.name} holds a password")
        json.loads(good)

        self.doris.run("TRUNCATE TABLE demo.all_employees_info")
        for name, text in (("cut", good[:len(good) // 2]), ("empty", ""),
                           ("other JSON", '{"hello": 1}'), ("zeros", "\0" * len(good))):
            for _, other in millrace.checkpoints(shards.JOB):
                other.write_text(text)
            self.case(f"damaged checkpoint, {name}", JOB_FAILED, [f"chk-{number}.json", "--fresh"],
                      self.again(file, state))
        path.write_text(good)
        # A plan that no longer fits: the difference and the ways out.
        other = self.folder / "other.sql"
        other.write_text(self.script.replace("'demo.all_employees_info'", "'demo.other'", 1))
        self.doris.run(shards.DORIS_TABLE.replace("all_employees_info", "other"))
        self.case("plan mismatch", JOB_FAILED, ["(?i)plan|checkpoint", "--fresh", "other"],
                  self.again(other, state))
        # The log the job has to go on from is gone. What the connection of a job that ended still reads
        # is not purged.
        self.mysql.run("FLUSH BINARY LOGS")
        newest = self.mysql.run("SHOW MASTER STATUS")[0][0]

        def purged():
            return self.mysql.run(f"PURGE BINARY LOGS TO '{newest}'",
                                  "SHOW BINARY LOGS")[0][0] == newest
        wait_until("the older logs to be purged", purged)
        self.case("binlog purged", JOB_FAILED, ["the log in between was removed", "--fresh", "keep binlogs longer"],
                  self.again(file, state))

    def full_disk(self):
        """A file system with a few blocks, in a mount namespace of its own."""
        probe = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
        if os.geteuid() == 0:
            probe = ["unshare", "--mount", "sh", "-c"]
        state = self.folder / "state"
        shutil.rmtree(state, ignore_errors=True)
        state.mkdir()
        mount = f"mount -t tmpfs -o size=16k tmpfs {state} && "
        if subprocess.run([*probe, mount + "true"], capture_output=True, check=False).returncode:
            say("full disk: not tested, this machine allows no mount of our own")
            return
        # The lock of the job fits, but no checkpoint: the rows are in Doris by then, not visible.
        small = f"mount -t tmpfs -o size=4k tmpfs {state} && "
        fill = f"dd if=/dev/zero of={state}/fill bs=4k 2>/dev/null; "
        file = self.folder / "case.sql"
        file.write_text(self.script, encoding="utf-8")
        program = [*probe, mount + fill + 'exec "$@"', "sh"]
        self.case("full disk", JOB_FAILED, ["(?i)no space left", str(state), "free some space"],
                  self.again(file, state, program=program))
        program = [*probe, small + 'exec "$@"', "sh"]
        self.case("disk full at the first checkpoint", JOB_FAILED,
                  ["(?i)no space left", str(state), "chk-1.json", "free some space"],
                  self.again(file, state, program=program), prepared=True)


def indent(text):
    return "\n".join("    | " + line for line in text.splitlines())


def bad_input():
    with playground("bad") as (folder, processes):
        test = BadInput(folder, processes)
        test.usage()
        test.in_the_script()
        test.in_the_world()
        test.unreachable()
        test.server_settings()
        test.two_phase_commit_off()
        test.full_disk()
        test.checkpoint_file()
        say(f"{test.cases} cases")
        if test.wrong:
            raise TestFailure(f"{len(test.wrong)} cases are wrong\n\n" + "\n\n".join(test.wrong))


if __name__ == "__main__":
    main(bad_input)
