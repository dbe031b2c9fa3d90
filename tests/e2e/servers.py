"""Private servers for the end-to-end tests: MariaDB, MySQL 9, minidoris, and millrace itself.

Each one is a process of its own with a data folder below a temporary folder, a free port on
127.0.0.1 and a log file. None of them outlives the test: the kernel ends them if the test dies.
Waiting is always for a condition with a deadline.
"""

import contextlib
import ctypes
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pymysql

SOURCE_DIR = Path(__file__).resolve().parents[2]
BINARY_DIR = Path(os.environ.get("MILLRACE_BINARY_DIR", SOURCE_DIR / "build" / "dev"))

SKIPPED = 77  # exit status that ctest counts as skipped
START_DEADLINE_S = 60
STOP_DEADLINE_S = 30
POLL_S = 0.02

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class TestFailure(AssertionError):
    """What was expected did not come true."""


def say(text):
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def expect(condition, text):
    if not condition:
        raise TestFailure(text)


def wait_until(what, condition, deadline_s=START_DEADLINE_S, alive=None):
    """Waits until condition() is true and returns its value.

    `alive`, if given, is a process whose end makes waiting pointless.
    """
    end = time.monotonic() + deadline_s
    failure = None
    while True:
        try:
            value = condition()
            if value:
                return value
            failure = None
        except (OSError, pymysql.MySQLError) as error:
            failure = error
        if alive is not None and not alive.running():
            raise TestFailure(f"{alive.name} ended ({alive.status()}) while waiting for {what}\n"
                              f"{alive.log_tail()}")
        if time.monotonic() > end:
            reason = f": {failure}" if failure else ""
            tail = f"\n{alive.log_tail()}" if alive is not None else ""
            raise TestFailure(f"not within {deadline_s} s: {what}{reason}{tail}")
        time.sleep(POLL_S)


TAKEN_PORTS = []  # sockets that keep other tests away from our ports


def free_port():
    """A port below the range from which the kernel takes ports for outgoing connections, so that a
    server can be killed and started again on it. Until this process ends, no other test gets it."""
    choose = random.SystemRandom()
    while True:
        port = choose.randrange(15000, 32000)
        taken = socket.socket(socket.AF_UNIX)
        with socket.socket() as probe, contextlib.suppress(OSError):
            taken.bind(f"\0millrace-test-port-{port}")  # a name without a file: it goes with the process
            probe.bind(("127.0.0.1", port))
            TAKEN_PORTS.append(taken)
            return port
        taken.close()


def in_the_child():
    """Dies with us, and hears SIGINT even if we were started in the background by a shell."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Process:
    """A child process with a log file; can be killed and started again."""

    def __init__(self, name, folder):
        self.name = name
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log_path = self.folder / f"{name}.log"
        self.child = None

    def spawn(self, command, environment=None):
        expect(not self.running(), f"{self.name} runs already")
        with open(self.log_path, "ab") as log:
            self.child = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=environment, preexec_fn=in_the_child)

    def running(self):
        return self.child is not None and self.child.poll() is None

    def status(self):
        return None if self.child is None else self.child.poll()

    def kill(self):
        """kill -9, and nothing of it is left when this returns."""
        if self.running():
            self.child.kill()
            self.child.wait()

    def stop(self, with_signal=signal.SIGTERM, deadline_s=STOP_DEADLINE_S):
        """Asks to end; returns the exit status."""
        if self.running():
            self.child.send_signal(with_signal)
        return self.wait(deadline_s)

    def wait(self, deadline_s=STOP_DEADLINE_S):
        try:
            return self.child.wait(deadline_s)
        except subprocess.TimeoutExpired:
            tail = self.log_tail()
            self.kill()
            raise TestFailure(f"{self.name} did not end within {deadline_s} s\n{tail}") from None

    def log(self):
        with contextlib.suppress(FileNotFoundError):
            return self.log_path.read_text(errors="replace")
        return ""

    def log_tail(self, lines=25):
        text = "\n".join(self.log().splitlines()[-lines:])
        return f"--- end of {self.log_path.name}\n{text}\n---"


def mariadb_program(name):
    """A program of MariaDB: installed, or from the folder scripts/install-dependencies.sh names."""
    base = os.environ.get("MILLRACE_MARIADB", "")
    places = [f"{base}/usr/{kind}/{name}" for kind in ("sbin", "bin")] if base else []
    places += [f"/usr/sbin/{name}", f"/usr/bin/{name}", shutil.which(name) or ""]
    for place in places:
        if place and os.access(place, os.X_OK):
            return place
    raise TestFailure(f"{name} is not installed: run scripts/install-dependencies.sh")


class SqlServer(Process):
    """A process one can connect() to."""

    def run(self, *statements):
        """Runs statements; returns the rows of the last one."""
        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return list(cursor.fetchall())
        finally:
            connection.close()


class MysqlServer(SqlServer):
    """What MariaDB and MySQL have in common: settings, users."""

    position_statement = ""

    def __init__(self, name, folder, settings):
        super().__init__(name, folder)
        self.port = free_port()
        self.data = self.folder / "data"
        # Short, because the path of a socket has at most 107 bytes.
        self.socket = self.folder / "s"
        # Its own, because a server that starts deletes what looks like a temporary table of a dead
        # one: in a shared folder those are the tables its neighbours are using.
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        self.environment = {**os.environ, "TMPDIR": str(temporary)}
        self.settings = {
            "datadir": self.data, "port": self.port, "bind-address": "127.0.0.1",
            "socket": self.socket, "pid-file": self.folder / "pid", "server_id": 1,
            "log_bin": "bin", "binlog_row_image": "FULL", "binlog_row_metadata": "FULL",
            "character-set-server": "utf8mb4", "performance_schema": "OFF",
            "innodb_flush_log_at_trx_commit": 1, "sync_binlog": 1,
            "innodb_buffer_pool_size": "64M", "innodb_use_native_aio": 0}
        if os.geteuid() == 0:
            self.settings["user"] = "root"
        self.settings.update(settings)

    def write_settings(self, group):
        lines = [f"[{group}]"]
        for key, value in self.settings.items():
            if value is not None:
                lines.append(f"{key}={value}")
        path = self.folder / "server.cnf"
        path.write_text("\n".join(lines) + "\n")
        return path

    def connect(self, **options):
        return pymysql.connect(unix_socket=str(self.socket), user="root", password="",
                               charset="utf8mb4", autocommit=True, **options)

    def wait_ready(self):
        def ready():
            self.connect().close()
            return True
        wait_until(f"{self.name} to answer", ready, alive=self)

    def create_user(self, user="cdc", password="cdc-secret", host="%"):
        replication = "REPLICATION SLAVE, REPLICATION CLIENT, RELOAD, SHOW DATABASES"
        self.run(f"CREATE USER '{user}'@'{host}' IDENTIFIED BY '{password}'",
                 f"GRANT SELECT, {replication} ON *.* TO '{user}'@'{host}'")


class MariaDb(MysqlServer):
    position_statement = "SHOW MASTER STATUS"

    def __init__(self, folder, **settings):
        super().__init__("mariadb", folder, {"binlog_format": "ROW", **settings})
        base = os.environ.get("MILLRACE_MARIADB", "")
        self.base = [f"--basedir={base}/usr"] if base else []

    def start(self):
        if not self.data.exists():
            command = [mariadb_program("mariadb-install-db"), "--no-defaults", *self.base,
                       f"--datadir={self.data}", "--auth-root-authentication-method=normal",
                       "--skip-test-db", "--innodb-use-native-aio=0", "--force"]  # --force: our own name need not resolve
            if os.geteuid() == 0:
                command.append("--user=root")
            done = subprocess.run(command, capture_output=True, text=True, check=False,
                                  env=self.environment)
            expect(done.returncode == 0, f"mariadb-install-db failed\n{done.stdout}{done.stderr}")
        settings = self.write_settings("mariadbd")
        self.spawn([mariadb_program("mariadbd"), f"--defaults-file={settings}", *self.base],
                   self.environment)
        self.wait_ready()
        return self


class Mysql9(MysqlServer):
    position_statement = "SHOW BINARY LOG STATUS"

    def __init__(self, folder, tree, **settings):
        root = Path(tree) / "root"
        self.tree = Path(tree)
        share = root / "usr/share/mysql"
        super().__init__("mysql9", folder, {
            "basedir": root / "usr", "lc-messages-dir": share,
            "character-sets-dir": share / "charsets", "plugin-dir": root / "usr/lib/mysql/plugin",
            "mysqlx": "OFF", "secure_file_priv": "NULL", **settings})

    def start(self):
        if not self.data.exists():
            shutil.copytree(self.tree / "template", self.data)
            with contextlib.suppress(FileNotFoundError):
                (self.data / "auto.cnf").unlink()  # every server has its own identity
        settings = self.write_settings("mysqld")
        self.spawn([self.tree / "mysqld", f"--defaults-file={settings}"], self.environment)
        self.wait_ready()
        return self


def fetched(script, what):
    """The folder that a script of scripts/ prints, or None: then the test is to be skipped."""
    done = subprocess.run([SOURCE_DIR / "scripts" / script], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return done.stdout.strip()
    say("=" * 78)
    say(f"SKIPPED: {what} cannot be had, so this test did not run:")
    for line in done.stderr.strip().splitlines():
        say(f"  {line}")
    say("=" * 78)
    return None


def mysql9_tree():
    return fetched("fetch-mysql9.sh", "a real MySQL 9")


def start_mysql(kind, folder, **settings):
    """`mariadb` or `mysql9`. Ends the test as skipped if there is no such server."""
    if kind == "mariadb":
        return MariaDb(folder, **settings).start()
    tree = mysql9_tree()
    if tree is None:
        sys.exit(SKIPPED)
    return Mysql9(folder, tree, **settings).start()


class Minidoris(SqlServer):
    def __init__(self, folder, *options):
        super().__init__("minidoris", folder)
        self.http_port, self.be_port, self.query_port = free_port(), free_port(), free_port()
        self.options = options

    def start(self):
        ready_before = self.log().count("minidoris ready")
        self.spawn([BINARY_DIR / "minidoris", "--data", self.folder / "data",
                    "--http-port", self.http_port, "--be-http-port", self.be_port,
                    "--query-port", self.query_port, *self.options])
        wait_until("minidoris to be ready",
                   lambda: self.log().count("minidoris ready") > ready_before, alive=self)
        return self

    def connect(self, **options):
        return pymysql.connect(host="127.0.0.1", port=self.query_port, user="root", password="",
                               charset="utf8mb4", autocommit=True, connect_timeout=5,
                               read_timeout=30, **options)

    def faults(self, faults, method="PUT"):
        """Sets (PUT), adds to (POST) or clears (DELETE) the list of faults; see minidoris.md."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http_port}/api/_minidoris/faults", method=method,
            data=json.dumps(faults).encode(),
            headers={"Authorization": "Basic cm9vdDo=", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()


class Millrace(Process):
    """One millrace process. `state` is the folder of its checkpoints."""

    def __init__(self, folder, state):
        super().__init__("millrace", folder)
        self.state = Path(state)

    def environment(self):
        return {**os.environ, "XDG_STATE_HOME": str(self.state)}

    def start(self, *arguments):
        self.spawn([BINARY_DIR / "millrace", *arguments], self.environment())
        return self

    def once(self, *arguments, text=None, deadline_s=60):
        """Runs to the end; returns (status, standard output, standard error)."""
        done = subprocess.run([str(BINARY_DIR / "millrace"), *[str(a) for a in arguments]],
                              input=text if text is not None else "", capture_output=True,
                              text=True, timeout=deadline_s, env=self.environment(), check=False,
                              errors="replace", preexec_fn=in_the_child)
        return done.returncode, done.stdout, done.stderr

    def checkpoint_folder(self, job):
        return self.state / "millrace" / job

    def checkpoints(self, job):
        """The completed checkpoints that are there now, oldest first: [(number, path)]."""
        found = []
        with contextlib.suppress(FileNotFoundError):
            for path in self.checkpoint_folder(job).iterdir():
                name = re.fullmatch(r"chk-(\d+)\.json", path.name)
                if name:
                    found.append((int(name.group(1)), path))
        return sorted(found)


def check_sanitizers(processes):
    """A process that was killed has no exit status to tell of what a sanitizer found: its log does."""
    for process in processes:
        found = re.search(r"(ERROR: AddressSanitizer|ERROR: LeakSanitizer|WARNING: ThreadSanitizer|"
                          r"runtime error:)[^\0]{0,6000}", process.log())
        expect(not found, f"{process.name}: {found and found.group(0)}")


@contextlib.contextmanager
def playground(name):
    """A temporary folder for one test; what runs in it ends with it. Kept if KEEP=1 is set."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix=f"millrace-{name}-",
                                   dir=os.environ.get("MILLRACE_TEST_TMP")))
    processes = []
    try:
        yield folder, processes
        check_sanitizers(processes)
    except TestFailure:
        for process in processes:
            print(process.log_tail(40), flush=True)
        raise
    finally:
        for process in reversed(processes):
            process.kill()
        if os.environ.get("KEEP") != "1":
            shutil.rmtree(folder, ignore_errors=True)
        else:
            say(f"kept {folder}")


def main(test, *arguments):
    """Runs a test function; prints what failed without a traceback of the harness."""
    try:
        test(*arguments)
    except TestFailure as failure:
        print(f"\nFAILED: {failure}", flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    say("passed")
