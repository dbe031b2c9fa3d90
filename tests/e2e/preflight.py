# ctest: preflight_mariadb, 300 s, slow: mariadb
# ctest: preflight_mysql9, 300 s, slow: mysql9
"""Every finding of a look at a server before the first row, and that a job stops at the errors.

    preflight.py mariadb|mysql9 [STEP...]

A step makes one thing wrong, looks with `millrace explain --preflight`, and makes it right again; some run the job as
well. What is looked for is the text of the finding and of what mends it.
"""

import contextlib
import struct
import sys

from servers import Millrace, expect, main, playground, say, start_mysql, wait_until

TABLE = ("id INT", "a STRING")
SCRIPT = """
SET 'pipeline.name' = 'look';
SET 'execution.checkpointing.interval' = '200 ms';
CREATE TABLE s ({columns}, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{port}', 'username' = '{user}',
  'password' = 'pw', 'database-name' = 'bug', 'table-name' = '{table}'{options});
CREATE TABLE k ({sink}) WITH ('connector' = '{target}');
INSERT INTO k SELECT * FROM s;
"""
COM_REGISTER_SLAVE = 0x15
NOTHING = "0 errors, 0 warnings"


class Look:
    def __init__(self, kind, folder, processes):
        self.kind, self.folder, self.processes = kind, folder, processes
        self.maria = kind == "mariadb"
        self.count = 0
        self.mysql = start_mysql(kind, folder / "mysql")
        processes.append(self.mysql)
        self.rights = "REPLICATION SLAVE, REPLICATION CLIENT"
        self.reset()

    def reset(self):
        """The state in which nothing is wrong."""
        self.run("DROP DATABASE IF EXISTS bug", "CREATE DATABASE bug",
                 "CREATE TABLE bug.t (id INT PRIMARY KEY, a VARCHAR(40), secret VARCHAR(9))",
                 "INSERT INTO bug.t VALUES (1, 'x', 's')")
        self.user("u", f"{self.rights} ON *.*", "SELECT ON *.*")

    def run(self, *statements):
        return self.mysql.run(*statements)

    def user(self, name, *grants):
        self.run(f"DROP USER IF EXISTS {name}@'%'", f"CREATE USER {name}@'%' IDENTIFIED BY 'pw'",
                 *[f"GRANT {grant} TO {name}@'%'" for grant in grants])

    @contextlib.contextmanager
    def variables(self, **values):
        before = {name: self.run(f"SELECT @@GLOBAL.{name}")[0][0] for name in values}
        for name, value in values.items():
            self.run(f"SET GLOBAL {name} = {value!r}")
        yield
        for name, value in before.items():
            self.run(f"SET GLOBAL {name} = {value!r}")

    @contextlib.contextmanager
    def restarted(self, **settings):
        """The server with other settings; None leaves one out."""
        before = dict(self.mysql.settings)
        for changed in ({**before, **settings}, before):
            self.mysql.stop()
            self.mysql.settings = changed
            self.mysql.start()
            if changed is not before:
                yield

    def script(self, columns=TABLE, user="u", target="print", table="t", port=None, **options):
        text = "".join(f", '{name}' = '{value}'" for name, value in options.items())
        self.count += 1
        path = self.folder / f"look-{self.count}.sql"
        path.write_text(SCRIPT.format(
            columns=", ".join(columns), sink=", ".join(columns).replace(" NOT NULL", ""), user=user,
            port=port or self.mysql.port, target=target, table=table, options=text), encoding="utf-8")
        return path

    def look(self, *words, status=3, absent=(), job=None, **script):
        """What is found; all `words` are in it."""
        job = job or self.job()
        ended, out, err = job.once("explain", "--preflight", self.script(**script))
        seen = f"status {ended}\n{out}{err}"
        expect(ended == status, f"expected status {status}: {seen}")
        for word in words:
            expect(word in out, f"not found: {word}\n{seen}")
        for word in absent:
            expect(word not in out, f"found: {word}\n{seen}")
        return out

    def job(self, name="job"):
        job = Millrace(self.folder / f"{name}-{self.count}", self.folder / f"state-{name}-{self.count}")
        self.processes.append(job)
        return job

    def stops(self, *words, **script):
        """A job ends at once, says all of them, and has printed no row."""
        ended, out, err = self.job("stops").once(self.script(**script))
        expect(ended == 3, f"status {ended}\n{out}{err}")
        for word in words:
            expect(word in err, f"not in the log: {word}\n{err}")
        expect("+I[" not in out, f"rows were written\n{out}")

    def went_on(self, job, script):
        """Until the job streams and has a checkpoint, then its end."""
        job.start(script)
        wait_until("a checkpoint in the binlog", lambda: "streaming" in "".join(
            path.read_text() for _, path in job.checkpoints("look")), alive=job)
        expect(job.stop() == 0, job.log_tail())

    # --- the statement ------------------------------------------------------------------------------

    def step_nothing(self):
        job = self.job()
        self.look(NOTHING, status=0, job=job)
        expect(not job.state.exists(), "a look wrote something")

    def step_statement(self):
        with self.variables(binlog_row_image="MINIMAL"):
            text = self.script().read_text().replace("INSERT INTO", "EXPLAIN PREFLIGHT INSERT INTO")
            path = self.folder / "statement.sql"
            path.write_text(text + "SELECT 'not reached';", encoding="utf-8")
            ended, out, err = self.job().once(path)
            expect(ended == 3 and "binlog_row_image is 'MINIMAL'" in out, f"{ended}\n{out}{err}")
            expect("not reached" not in out.split("== Preflight ==")[1], out)
            both = "STATEMENT SET BEGIN INSERT INTO k SELECT * FROM s; INSERT INTO k SELECT * FROM s; END"
            path.write_text(text.replace("INSERT INTO k SELECT * FROM s", both), encoding="utf-8")
            path.write_text(path.read_text().replace(
                "EXPLAIN PREFLIGHT", "EXPLAIN PREFLIGHT EXECUTE"), encoding="utf-8")
            ended, out, err = self.job().once(path)
            expect(ended == 3 and "1 error, 0 warnings" in out, f"{ended}\n{out}{err}")
        ended, out, err = self.job().once("explain", "--preflight", "--format", "json", self.script(port=1))
        expect(ended == 3 and out.startswith('{"severity":"error","place":'), f"{ended}\n{out}{err}")
        ended, out, err = self.job().once("-c", "SET 'millrace.strict-flink' = 'true'; " + text)
        expect(ended == 1 and "EXPLAIN PREFLIGHT is not part of Flink SQL" in err, f"{ended}\n{out}{err}")
        ended, out, err = self.job().once("check", "--preflight", path)
        expect(ended == 2, f"{ended}\n{out}{err}")

    # --- the server ---------------------------------------------------------------------------------

    def step_variables(self):
        words = ["binlog_format is 'MIXED' and must be 'ROW'", "SET GLOBAL binlog_format = 'ROW'",
                 "binlog_row_image is 'MINIMAL' and must be 'FULL'", "SET GLOBAL binlog_row_image = 'FULL'",
                 "table \"s\" has a column \"nope\""]
        values = {"binlog_format": "MIXED", "binlog_row_image": "MINIMAL"}
        if not self.maria:
            values["binlog_row_value_options"] = "PARTIAL_JSON"
            words.append("SET GLOBAL binlog_row_value_options = ''")
        with self.variables(**values):
            self.look(*words, columns=(*TABLE, "nope INT"))
            self.stops(*words, columns=(*TABLE, "nope INT"))

    def step_log_off(self):
        off = {"log_bin": None} if self.maria else {"log_bin": None, "skip-log-bin": "1"}
        with self.restarted(**off, binlog_row_metadata=None, binlog_row_image=None, sync_binlog=None):
            self.look("log_bin is 'OFF' and must be 'ON'", "restart it")
            self.stops("log_bin is 'OFF' and must be 'ON'")

    def step_version(self):
        if not self.maria:  # its version cannot be feigned; the unit test has it
            return
        for version, words, status in (
                ("5.5.68-MariaDB", "MariaDB 5.5.68-MariaDB is too old", 3),
                ("10.4.2-MariaDB", "MariaDB 10.4.2-MariaDB is older than what Millrace was made for", 0)):
            with self.restarted(version=version):
                self.look(words, "use MariaDB 10.5 or later", status=status)

    def step_rights(self):
        needed = ("REPLICATION SLAVE, BINLOG MONITOR" if self.maria
                  else "REPLICATION SLAVE, REPLICATION CLIENT")
        grant = f"GRANT {needed} ON *.* TO 'v'@'%'"
        self.user("v", "SELECT ON *.*")
        self.look("the position of the binlog cannot be read", "REPLICATION SLAVE is missing", grant,
                  "2 errors, 0 warnings", user="v")
        self.user("v", "SELECT ON *.*", "REPLICATION CLIENT ON *.*")
        self.look("REPLICATION SLAVE is missing", grant, "1 error, 0 warnings", user="v")
        self.stops("REPLICATION SLAVE is missing", user="v")
        self.user("v", "SELECT ON *.*", "REPLICATION SLAVE ON *.*")
        self.look("the position of the binlog cannot be read", grant, "1 error, 0 warnings", user="v")

    def step_role(self):
        self.run("DROP ROLE IF EXISTS reader", "CREATE ROLE reader",
                 f"GRANT {self.rights} ON *.* TO reader", "GRANT SELECT ON bug.* TO reader")
        self.user("v")
        self.run("GRANT reader TO v@'%'",
                 f"SET DEFAULT ROLE reader {'FOR' if self.maria else 'TO'} v@'%'")
        self.look(NOTHING, user="v", status=0)

    def step_gtids(self):
        if self.maria:
            return
        with self.restarted(gtid_mode="OFF", enforce_gtid_consistency="OFF"):
            self.look("a snapshot needs a consistent position", "GRANT BACKUP_ADMIN ON *.* TO 'u'@'%'",
                      "SET GLOBAL enforce_gtid_consistency = ON")
            self.stops("a snapshot needs a consistent position")
            self.user("v", f"{self.rights}, BACKUP_ADMIN ON *.*", "SELECT ON *.*",
                      "SELECT ON performance_schema.log_status")
            self.look("gtid_mode is 'OFF': the job cannot go on at another server", status=0, user="v")

    def step_filters(self):
        for setting, words in (("binlog-do-db", "binlog-do-db names other only"),
                               ("binlog-ignore-db", "binlog-ignore-db names it")):
            value = "other" if setting == "binlog-do-db" else "bug"
            with self.restarted(**{setting: value}):
                self.look(f"changes of database bug are not in the binlog: {words}",
                          "binlog filters go by the default database")
                self.stops(words)
        with self.restarted(**{"binlog-do-db": "bug"}):
            self.look("0 errors, 1 warning", "binlog filters go by the default database", status=0)

    def step_retention(self):
        name, value = ("expire_logs_days", 0.5) if self.maria else ("binlog_expire_logs_seconds", 43200)
        with self.variables(**{name: value}):
            self.look("binlogs are kept for 12 h only", "SET GLOBAL binlog_expire_logs_seconds", status=0)

    def step_server_id(self):
        self.look("'server-id' = '1' is the id of the server itself", **{"server-id": "1"})
        self.user("v", f"{self.rights}{', REPLICATION MASTER ADMIN' if self.maria else ''} ON *.*",
                  "SELECT ON *.*")
        replica = self.mysql.connect()
        replica._execute_command(  # pylint: disable=protected-access
            COM_REGISTER_SLAVE, struct.pack("<I", 7700) + b"\0\0\0" + struct.pack("<HII", 0, 0, 0))
        replica._read_ok_packet()  # pylint: disable=protected-access
        self.look("'server-id' = '7700' is the id of a replica that is connected", user="v",
                  **{"server-id": "7700"})
        self.stops("'server-id' = '7700' is the id of a replica", user="v", **{"server-id": "7700"})
        self.look(NOTHING, user="v", status=0, **{"server-id": "7701"})
        replica.close()
        if self.maria:  # it makes 1 of 0
            return
        with self.restarted(server_id=0):
            self.look("server_id is 0", "SET GLOBAL server_id = 1")

    def step_replica(self):
        self.user("v", f"{self.rights}{', SLAVE MONITOR' if self.maria else ''} ON *.*", "SELECT ON *.*")
        if self.maria:
            begin = ["SET GLOBAL replicate_ignore_db = 'bug'",
                     "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1, MASTER_USER = 'x'",
                     "START SLAVE"]
            end = ["STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL replicate_ignore_db = ''"]
        else:
            begin = ["CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB = (bug)",
                     "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = 1, "
                     "SOURCE_USER = 'x'", "START REPLICA"]
            end = ["STOP REPLICA", "RESET REPLICA ALL", "CHANGE REPLICATION FILTER REPLICATE_IGNORE_DB = ()"]
        name = "log_slave_updates" if self.maria else "log_replica_updates"
        filtered = "the server is a replica that does not copy database bug"
        with self.restarted(**{name: "OFF", "relay_log": "relay"}):
            self.run(*begin)
            self.look(f"the server is a replica and {name} is 'OFF'", filtered, user="v")
            self.run(*end)
        with self.restarted(**{name: "ON", "relay_log": "relay"}):
            self.run(*begin)
            self.look(filtered, "0 errors, 1 warning", user="v", status=0)
            self.run(*end)

    def step_unreachable(self):
        self.look("error: table default_catalog.default_database.s:", "1 error", port=1)

    # --- the position of a checkpoint ---------------------------------------------------------------

    def step_purged(self):
        job = self.job()
        script = self.script(target="blackhole")
        self.went_on(job, script)
        self.run("FLUSH LOGS", "INSERT INTO bug.t VALUES (50, 'x', 's')", "FLUSH LOGS")
        self.look(NOTHING, status=0, job=job, target="blackhole")
        with self.variables(binlog_expire_logs_seconds=1):
            found = wait_until("the time to be over", lambda: "where the job is, at any moment" in (
                text := self.look(status=0, job=job, target="blackhole")) and text)
            expect("keep binlogs longer" in found, found)
        self.run(f"PURGE BINARY LOGS TO '{self.run('SHOW BINARY LOGS')[-1][0]}'")
        words = ("the log in between was removed" if self.maria
                 else "has removed transactions from its binlog that come after the checkpoint")
        self.look(words, "run the script again with --fresh", job=job, target="blackhole")
        ended, out, err = job.once(script)
        expect(ended == 3 and words in err, f"{ended}\n{out}{err}")
        ended, out, err = job.once("explain", "--preflight", "--fresh", script)
        expect(ended == 0, f"{ended}\n{out}{err}")

    def step_reset(self):
        self.run("FLUSH LOGS", "FLUSH LOGS")
        job = self.job()
        script = self.script(target="blackhole")
        self.went_on(job, script)
        self.run("RESET MASTER" if self.maria else "RESET BINARY LOGS AND GTIDS")
        words = ("its log was reset, or it was restored from a backup, or it is another server",
                 "connect to the server that the checkpoint is from")
        self.look(*words, job=job, target="blackhole")
        ended, out, err = job.once(script)
        expect(ended == 3 and words[0] in err, f"{ended}\n{out}{err}")

    def step_start(self):
        specific = {"scan.startup.mode": "specific-offset", "scan.startup.specific-offset.pos": "4"}
        self.look("the start position is at nope.000009:4", "start from a position that the server has",
                  **specific, **{"scan.startup.specific-offset.file": "nope.000009"})

    # --- the tables ---------------------------------------------------------------------------------

    def step_columns(self):
        self.user("v", f"{self.rights} ON *.*", "SELECT (id, a) ON bug.t")
        hidden = ["'v'@'%' does not see all columns of table bug.t",
                  "GRANT SELECT ON `bug`.`t` TO 'v'@'%'", "GRANT REFERENCES ON `bug`.`t` TO 'v'@'%'"]
        self.look(*hidden, "1 error", user="v")
        self.stops(*hidden, user="v")
        self.user("v", f"{self.rights} ON *.*", "SELECT (a) ON bug.t", "REFERENCES ON bug.t")
        missing = ["may not read the column(s) id, secret of table bug.t",
                   "GRANT SELECT (`id`, `secret`) ON `bug`.`t` TO 'v'@'%'"]
        self.look(*missing, "1 error", user="v", columns=(*TABLE, "secret STRING"))
        self.stops(*missing, user="v", columns=(*TABLE, "secret STRING"))
        # What the finding says is enough, in both phases.
        self.user("v", f"{self.rights} ON *.*", "SELECT (id, a), REFERENCES ON bug.t")
        self.look(NOTHING, user="v", status=0)
        job = self.job().start(self.script(user="v"))
        wait_until("the snapshot", lambda: "+I[1, x]" in job.log(), alive=job)
        self.run("INSERT INTO bug.t VALUES (2, 'y', 'z')")
        wait_until("the change", lambda: "+I[2, y]" in job.log(), alive=job)
        expect(job.stop() == 0, job.log_tail())
        self.user("v", f"{self.rights} ON *.*")
        self.look("no table matches", user="v")

    def step_types(self):
        self.run("ALTER TABLE bug.t ADD n BIGINT, ADD b BLOB")
        words = ('column "n" of MySQL table bug.t is bigint', 'column "b" of MySQL table bug.t is blob',
                 'has a column "nope"', "3 errors")
        columns = ("id INT", "n INT", "b STRING", "nope STRING")
        self.look(*words, columns=columns)
        self.stops(*words[:3], columns=columns)

    def step_keys(self):
        self.run("CREATE TABLE bug.t2 (id INT, a VARCHAR(40))")
        self.look("bug.t2 has no key", "ALTER TABLE `bug`.`t2` ADD PRIMARY KEY", status=0,
                  table="t2?", target="doris', 'fenodes' = '127.0.0.1:1', 'table.identifier' = 'a.b', "
                  "'username' = 'root', 'password' = '")
        self.look(NOTHING, status=0, table="t2?")  # a target without a key has all of them read so

    def step_zone(self):
        self.run("ALTER TABLE bug.t ADD ts TIMESTAMP NULL, ADD dt DATETIME")
        wrong = "the server is in time zone +08:00"
        stamp = ("id INT", "ts TIMESTAMP(0)")
        with self.variables(time_zone="+08:00"):
            mend = "write 'server-time-zone' with the zone of the server"
            self.look(wrong, mend, "bug.t.ts", columns=stamp)
            self.stops(wrong, columns=stamp)
            self.look(wrong, columns=("id INT", "ts STRING"))
            self.look(NOTHING, status=0, columns=stamp, **{"server-time-zone": "Asia/Shanghai"})
            self.look(NOTHING, status=0, columns=("id INT", "ts TIMESTAMP_LTZ(0)"))
            self.look(NOTHING, status=0, columns=("id INT", "dt TIMESTAMP(0)"))
        with self.variables(time_zone="+03:00"):
            self.look("agree now but did not always", status=0, columns=stamp,
                      **{"server-time-zone": "Europe/Moscow"})
        self.mysql.environment["TZ"] = "Europe/Berlin"
        try:
            with self.restarted():
                self.look(NOTHING, status=0, columns=stamp, **{"server-time-zone": "Europe/Berlin"})
                self.look("the server is in time zone SYSTEM", columns=stamp,
                          **{"server-time-zone": "+01:00"})
                self.look("the server is in time zone SYSTEM", columns=stamp)
                del self.mysql.environment["TZ"]
        finally:
            self.mysql.environment.pop("TZ", None)

    def step_foreign_keys(self):
        self.run("CREATE TABLE bug.p (id INT PRIMARY KEY)",
                 "CREATE TABLE bug.c (id INT PRIMARY KEY, a VARCHAR(9), pid INT, "
                 "FOREIGN KEY fk (pid) REFERENCES bug.p (id) ON DELETE CASCADE ON UPDATE CASCADE)",
                 "CREATE TABLE bug.n (id INT PRIMARY KEY, a VARCHAR(9), pid INT, "
                 "FOREIGN KEY fkn (pid) REFERENCES bug.p (id) ON DELETE SET NULL)")
        lost = ("what the server changes in table bug.c because of its foreign key",
                "rows that it deletes (ON DELETE CASCADE) stay in the target")
        unused = ("ON UPDATE CASCADE", "table bug.n because")  # of columns that nobody reads
        if self.maria:
            self.look(*lost, "DROP FOREIGN KEY", "1 warning", status=0, table="c|n", absent=unused)
            self.look(*lost, *unused, "2 warnings", status=0, table="c|n", columns=(*TABLE, "pid INT"))
            job = self.job().start(self.script(table="c"))
            wait_until("the warning", lambda: lost[1] in job.log(), alive=job)
            expect(job.stop() == 0 and job.log().count(lost[1]) == 1, job.log_tail())
            return
        self.look(NOTHING, status=0, table="c|n", columns=(*TABLE, "pid INT"))
        with self.restarted(innodb_native_foreign_keys="ON"):
            self.look(*lost, "innodb_native_foreign_keys = OFF", status=0, table="c|n")

    def step_engines(self):
        self.run("CREATE TABLE bug.m1 (id INT PRIMARY KEY, a VARCHAR(40)) ENGINE = MyISAM",
                 "CREATE TABLE bug.mm (id INT, a VARCHAR(40), KEY (id)) ENGINE = MERGE UNION = (bug.m1)",
                 "CREATE VIEW bug.v AS SELECT * FROM bug.t")
        self.look("views are not captured: bug.v", "bug.mm shows the rows of other tables",
                  "bug.m1 (MyISAM) has no read views", status=0, table=".*")


def look(kind, *names):
    with playground(f"preflight-{kind}") as (folder, processes):
        suite = Look(kind, folder, processes)
        steps = [name.removeprefix("step_") for name in dir(Look) if name.startswith("step_")]
        expect(not set(names) - set(steps), f"steps are: {', '.join(steps)}")
        for name in steps:
            if names and name not in names:
                continue
            suite.reset()
            getattr(suite, f"step_{name}")()
            say(name)


if __name__ == "__main__":
    main(look, *sys.argv[1:])
