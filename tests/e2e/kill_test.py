# ctest: kill_millrace_one_lane, 420 s, slow: --victim millrace --parallelism 1
# ctest: kill_millrace_two_lanes, 420 s, slow: --victim millrace --parallelism 2
# ctest: kill_millrace_mysql9, 420 s, slow: --victim millrace --server mysql9 --rounds 12
# ctest: kill_millrace_set, 300 s, slow: --victim millrace --shape set --rounds 16
# ctest: kill_millrace_union, 300 s, slow: --victim millrace --shape union --rounds 12
# ctest: kill_doris_set, 300 s, slow: --victim minidoris --shape set --rounds 3
# ctest: kill_doris, 300 s, slow: --victim minidoris --rounds 10
# ctest: kill_mysql, 300 s, slow: --victim mysql --rounds 6
# ctest: cut_connections_mariadb, 300 s, slow: --victim connections --rounds 8
# ctest: cut_connections_mysql9, 300 s, slow: --victim connections --rounds 8 --parallelism 2 --server mysql9
# ctest: cut_connections_doris, 300 s, slow: --victim doris-connections --rounds 6 --shape set
# ctest: faults, 300 s, slow: --victim faults --rounds 20
"""Exactly once, while things are being killed.

    kill_test.py --victim millrace|minidoris|mysql|connections|doris-connections|faults [--rounds N]
                 [--parallelism P] [--shape insert|set|union] [--server mariadb|mysql9] [--seed S]

Four shards are changed by random transactions, and tables are created with the rows of a SELECT.
Meanwhile the victim is killed with SIGKILL again and again at random moments and started again (or,
with `connections` and `doris-connections`, those to MySQL or to Doris are cut after any number of bytes,
with `faults`, Doris misbehaves on purpose). At the end MySQL and Doris are equal row by row, and a
watcher per Doris table that read it all along has seen nothing but contents of completed checkpoints.
The shape says whether the job is one INSERT, a set of two that share their source, or a UNION ALL of
two sources (shapes.py). The seed replays the same transactions and the same choices.
"""

import argparse
import random
import time

from servers import (Millrace, Minidoris, expect, main, playground, say, start_mysql, wait_until)
from proxy import Proxy
from shapes import SHAPES
from watcher import Watcher, describe, judge
from workload import Workload

ROWS_PER_SHARD = 400
CHUNK_ROWS = 10
CHECKPOINT_MS = 300
RECOVERY_DEADLINE_S = 60
COMMIT_DELAY_MS = 150
JOB = "kill-test"
# A connection gets through its handshake, its statements or a piece of the binlog.
CUTS_PER_ROUND = 6
BUDGETS_LAST_S = 2
BUDGETS_BYTES = (600, 2_000, 10_000, 50_000)

FAULTS = [
    {"at": "load_body", "action": "drop", "after_bytes": 500},
    {"at": "load_body", "action": "delay", "after_bytes": 100, "delay_ms": 300},
    {"at": "precommit", "action": "fail"},
    {"at": "load_answer", "action": "drop"},
    {"at": "load_answer", "action": "delay", "delay_ms": 400},
    {"at": "commit", "action": "drop"},
    {"at": "commit", "action": "fail"},
    {"at": "commit", "action": "delay", "delay_ms": 400},
    {"at": "commit_answer", "action": "drop"},
    {"at": "abort", "action": "fail"},
    {"at": "fe", "action": "drop", "times": 2},
    {"at": "be", "action": "unavailable", "times": 2},
    {"at": "fe", "action": "unavailable", "times": -1, "duration_ms": 800},
]


class KillTest:
    def __init__(self, options, folder, processes):
        self.options = options
        self.rng = random.Random(options.seed)
        self.shape = SHAPES[options.shape]
        self.mysql = start_mysql(options.server, folder / "mysql")
        processes.append(self.mysql)
        self.mysql.create_user()
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE demo", *(target.ddl for target in self.shape.targets))
        self.millrace = Millrace(folder / "millrace", folder / "state")
        processes.append(self.millrace)
        self.proxies = []
        self.script = folder / "kill.sql"
        self.script.write_text(self.shape.script(
            job=JOB, interval=CHECKPOINT_MS, parallelism=options.parallelism, chunk=CHUNK_ROWS,
            **self.addresses()), encoding="utf-8")
        self.workload = Workload(self.mysql, random.Random(options.seed + 1), ROWS_PER_SHARD,
                                 options.server == "mariadb" and options.victim != "mysql",
                                 len(self.shape.parts) == 1)
        self.watchers = [Watcher(self.doris, self.millrace, JOB, target)
                         for target in self.shape.targets]
        self.kills = dict.fromkeys(
            ("time", "checkpoint", "prepared", "committing", "created", "between"), 0)

    def run(self):
        self.workload.start()
        for watcher in self.watchers:
            watcher.start()
        self.millrace.start(self.script)
        rounds = {"millrace": self.kill_millrace, "minidoris": self.kill_minidoris,
                  "mysql": self.kill_mysql, "connections": self.cut_connections,
                  "doris-connections": self.cut_connections,
                  "faults": self.cause_faults}
        for number in range(self.options.rounds):
            rounds[self.options.victim](number)
            for thread in (self.workload, *self.watchers):
                expect(thread.failure is None, f"the {thread.name} failed: {thread.failure!r}")
        self.finish()

    def addresses(self):
        """Where the servers of the script are; through proxies, if connections are to be cut."""
        at = {"mysql_port": self.mysql.port, "http_port": self.doris.http_port, "backends": ""}
        if self.options.victim == "connections":
            self.proxies = [Proxy(self.mysql.port)]
            at["mysql_port"] = self.proxies[0].port
        elif self.options.victim == "doris-connections":
            self.proxies = [Proxy(self.doris.http_port), Proxy(self.doris.be_port)]
            at["http_port"] = self.proxies[0].port
            at["backends"] = f"'benodes' = '127.0.0.1:{self.proxies[1].port}',"
        return at

    def cuts(self):
        return sum(proxy.cuts for proxy in self.proxies)

    def let_run(self, low_s, high_s):
        """Life goes on for a random time; millrace must survive it."""
        end = time.monotonic() + self.rng.uniform(low_s, high_s)
        wait_until("a random moment", lambda: time.monotonic() >= end, high_s + 5,
                   alive=self.millrace)

    # --- victims --------------------------------------------------------------------------------------
    def kill_millrace(self, number):
        # The first kills come early: while the snapshot is being read.
        how = "time" if number < 6 else self.rng.choice(("time", "time", "checkpoint", "prepared",
                                                         "committing"))
        if number % 4 == 2:
            how = "created"
        elif len(self.shape.targets) > 1 and number % 2 == 1:
            how = "between"
        if how == "time":
            self.let_run(0.02, 0.5 if number < 6 else 1.3)
        elif how == "checkpoint":
            seen = self.newest_checkpoint()
            self.wait_or("a new checkpoint", lambda: self.newest_checkpoint() > seen)
        elif how == "created":
            seen = self.workload.creations
            self.workload.creation_wanted.set()
            self.wait_or("CREATE TABLE ... SELECT", lambda: self.workload.creations > seen)
            self.let_run(0.0, self.rng.choice((0.01, 0.1, 0.4)))
        elif how == "prepared":
            self.wait_or("a prepared load", self.prepared)
        elif how == "between":
            self.wait_between_commits()
        else:
            self.doris.faults([{"at": "commit", "action": "delay", "delay_ms": 300, "times": 1}],
                              "POST")
            seen = self.newest_checkpoint()
            self.wait_or("a new checkpoint", lambda: self.newest_checkpoint() > seen)
            self.let_run(0.0, 0.2)
        expect(self.millrace.running(), f"millrace ended by itself with {self.millrace.status()}")
        self.millrace.kill()
        self.kills[how] += 1
        self.millrace.start(self.script)

    def wait_or(self, what, condition):
        wait_until(what, condition, RECOVERY_DEADLINE_S, alive=self.millrace)

    def newest_checkpoint(self):
        return max((number for number, _ in self.millrace.checkpoints(JOB)), default=0)

    def wait_between_commits(self):
        """The commit of the first table is done, that of the second is held up."""
        def between():
            labels = [row[1] for row in self.prepared()]
            done = [not any(f"_{target.name}_" in label for label in labels)
                    for target in self.shape.targets]
            return done == [True, False]
        self.doris.faults([{"at": "commit", "action": "delay", "delay_ms": COMMIT_DELAY_MS,
                            "times": -1}])
        self.wait_or("the moment between two commits", between)
        self.doris.faults([], "DELETE")

    def prepared(self):
        return self.doris.run("SHOW TRANSACTION FROM demo WHERE STATUS = 'PRECOMMITTED'")

    def kill_minidoris(self, _):
        self.let_run(0.1, 1.0)
        self.doris.kill()
        self.let_run(0.0, 0.6)
        self.doris.start()
        self.checkpoint_again("minidoris is back")

    def kill_mysql(self, _):
        self.let_run(0.1, 1.5)
        self.mysql.kill()
        self.let_run(0.0, 0.6)
        self.mysql.start()
        self.checkpoint_again("MySQL is back")

    def cut_connections(self, number):
        if number == self.options.rounds // 2:  # the first half falls into the snapshot
            self.wait_or("the snapshot to be complete",
                         lambda: "the snapshot is complete" in self.millrace.log())
        def budgets():
            to_client = self.rng.randrange(1, self.rng.choice(BUDGETS_BYTES))
            return (to_client if self.rng.random() < 0.3 else None, to_client)
        wanted = self.cuts() + CUTS_PER_ROUND
        while self.cuts() < wanted:
            for proxy in self.proxies:
                proxy.limit(budgets)
            # Where little flows the larger budgets would last for long: they are drawn again.
            end = time.monotonic() + BUDGETS_LAST_S
            self.wait_or("connections to be cut",
                         lambda: self.cuts() >= wanted or time.monotonic() > end)
        for proxy in self.proxies:
            proxy.limit(None)
        self.checkpoint_again("connections last again")

    def cause_faults(self, number):
        faults = [dict(self.rng.choice(FAULTS), skip=self.rng.randrange(3))
                  for _ in range(self.rng.randrange(1, 4))]
        self.doris.faults(faults)
        self.let_run(0.3, 1.0)
        if number % 5 == 4:
            self.millrace.kill()
            self.millrace.start(self.script)
        if number % 3 == 2:
            self.doris.faults([], "DELETE")
            self.checkpoint_again("the faults ended")

    def checkpoint_again(self, since):
        seen = self.newest_checkpoint()
        self.wait_or(f"a checkpoint after {since}", lambda: self.newest_checkpoint() > seen)

    # --- the verdict ------------------------------------------------------------------------------------
    def contents(self):
        """[(table, what it must hold, what it holds)]"""
        rows = self.workload.content().values()
        connection = self.doris.connect()
        try:
            return [(watcher.target.name, watcher.target.of(rows), watcher.read(connection))
                    for watcher in self.watchers]
        finally:
            connection.close()

    def equal(self):
        return all(wanted == seen for _, wanted, seen in self.contents())

    def compare(self, when):
        for table, wanted, seen in self.contents():
            expect(seen == wanted, f"MySQL and Doris differ {when} in {table} ({len(wanted)} and "
                   f"{len(seen)} rows)\n{describe(seen, wanted)}\n{self.millrace.log_tail()}")

    def connections_to_the_log(self):
        # Having something to send, the server notices which of them belong to killed processes.
        rows = self.mysql.run("CREATE DATABASE IF NOT EXISTS emp_1", "SHOW PROCESSLIST")
        return sum(str(row[4]).startswith("Binlog Dump") for row in rows)

    def finish(self):
        say(f"{self.options.rounds} rounds; {len(self.workload.journal)} transactions; "
            f"kills of millrace: {self.kills}; {self.cuts()} connections were cut")
        self.doris.faults([], "DELETE")
        self.workload.stop()
        expect(self.workload.failure is None, f"the workload failed: {self.workload.failure!r}")
        try:
            wait_until("Doris to be equal to MySQL", self.equal, RECOVERY_DEADLINE_S,
                       alive=self.millrace)
        finally:
            for watcher in self.watchers:
                watcher.stop()
            self.compare("in the end")
        # However many tables and flows there are.
        wait_until("one connection to the binlog",
                   lambda: self.connections_to_the_log() == 1, alive=self.millrace)
        status = self.millrace.stop()
        expect(status == 0, f"status {status} after SIGTERM\n{self.millrace.log_tail()}")
        self.compare("after the final checkpoint")
        for watcher in self.watchers:
            expect(watcher.failure is None, f"the {watcher.name} failed: {watcher.failure!r}")
            exact = judge(watcher, self.workload.journal, self.shape, self.options.parallelism == 1)
            expect(exact > 0, "the watcher could compare nothing exactly: the test proves too little")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--victim", choices=("millrace", "minidoris", "mysql", "connections",
                                               "doris-connections", "faults"),
                        default="millrace")
    parser.add_argument("--shape", choices=tuple(SHAPES), default="insert")
    parser.add_argument("--server", choices=("mariadb", "mysql9"), default="mariadb")
    parser.add_argument("--rounds", type=int, default=28)
    parser.add_argument("--parallelism", type=int, default=1)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(10 ** 9)
    return options


def kill_test():
    options = arguments()
    say(f"seed {options.seed}: replay with --victim {options.victim} --shape {options.shape} "
        f"--server {options.server} --rounds {options.rounds} --parallelism {options.parallelism} --seed {options.seed}")
    with playground(f"kill-{options.victim}-{options.shape}") as (folder, processes):
        KillTest(options, folder, processes).run()


if __name__ == "__main__":
    main(kill_test)
