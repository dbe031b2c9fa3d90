# ctest: connection_mariadb, 300 s, slow: mariadb
# ctest: connection_mysql9, 300 s, slow: mysql9
"""Every way to connect to MySQL: TLS in each mode, ways to log in, compression, IPv6, a Unix socket; and what is said
when it fails.

    connection.py mariadb|mysql9

A connection works if its table is read in the snapshot and followed in the binlog. Users that must use TLS show that
all connections did.
"""

import contextlib
import re
import shutil
import socket
import sys
import time

import pymysql

from certificates import Authority, openssl
from servers import MariaDb, Millrace, Mysql9, SKIPPED, expect, fetched, free_port, main, mysql9_tree, playground, say, wait_until

TABLE = """CREATE TABLE s (id INT, v STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'database-name' = 'd', 'table-name' = 't', {options});
CREATE TABLE p (id INT, v STRING) WITH ('connector' = 'print');
INSERT INTO p SELECT id, v FROM s;
"""
SETTINGS = """SET 'execution.checkpointing.interval' = '200 ms';
SET 'restart-strategy.type' = 'none';
"""
NAMES = "DNS:localhost,IP:::1"  # not the address that the tests use mostly
SHORT_S = 2  # how long a certificate is valid that is to expire
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+00:00 (?:INFO|WARN|ERROR) +[^\n]*\n")
BIG_BYTES = 300_000  # more than one record of TLS, one read, one frame
RIGHTS = "SELECT, REPLICATION SLAVE, REPLICATION CLIENT, RELOAD ON *.*"


def given_user(options):
    return options.get("username", "plain")


class Connections:
    def __init__(self, kind, folder, processes):
        self.kind, self.folder, self.processes = kind, folder, processes
        authority = Authority(folder / "pki", "ca")
        self.ca, self.other_ca = authority.pem, Authority(folder / "pki", "other").pem
        self.authority = authority
        self.certificates = {"good": authority.sign("good", NAMES)}
        self.client = authority.sign("client")
        self.cert, self.key = folder / "cert.pem", folder / "key.pem"
        self.use_certificate("good")
        settings = {"ssl_ca": self.ca, "ssl_cert": self.cert, "ssl_key": self.key, "bind-address": "127.0.0.1,::1",
                    "skip_name_resolve": "ON"}
        self.plugins = fetched("fetch-mariadb-plugins.sh", "MariaDB's ed25519") if kind == "mariadb" else None
        if self.plugins:
            settings.update({"plugin-dir": self.plugins, "plugin-load-add": "auth_ed25519"})
        self.mysql = self.new_server("mysql", **settings)
        self.mysql.run("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v LONGTEXT)",
                       "INSERT INTO d.t VALUES (1, 'first')", f"INSERT INTO d.t VALUES (2, REPEAT('x', {BIG_BYTES}))")
        for user, how in (("plain", ""), ("tls", "REQUIRE SSL"), ("certified", "REQUIRE X509")):
            self.create_user(user, f"IDENTIFIED BY 'pw' {how}")
        self.next_id = 10

    def new_server(self, name, **settings):
        if self.kind == "mariadb":
            server = MariaDb(self.folder / name, **settings)
        else:
            tree = mysql9_tree()
            if tree is None:
                sys.exit(SKIPPED)
            server = Mysql9(self.folder / name, tree, **settings)
        self.processes.append(server)
        return server.start()

    def create_user(self, user, how, host="%"):
        self.mysql.run(f"CREATE USER {user}@'{host}' {how}", f"GRANT {RIGHTS} TO {user}@'{host}'")

    def use_certificate(self, name):
        for source, target in zip(self.certificates[name], (self.cert, self.key)):
            shutil.copy(source, target)

    def reload_certificate(self, name):
        self.use_certificate(name)
        self.mysql.run("FLUSH SSL" if self.kind == "mariadb" else "ALTER INSTANCE RELOAD TLS")

    def script(self, options):
        given = {"hostname": "127.0.0.1", "port": self.mysql.port, "username": "plain", "password": "pw",
                 "scan.incremental.snapshot.chunk.size": "1", **options}
        path = self.folder / f"job-{len(self.processes)}.sql"
        text = ", ".join(f"'{key}' = '{value}'" for key, value in given.items() if value is not None)
        path.write_text(SETTINGS + TABLE.format(options=text), encoding="utf-8")
        return path

    def job(self):
        job = Millrace(self.folder / f"job-{len(self.processes)}", self.folder / f"state-{len(self.processes)}")
        self.processes.append(job)
        return job

    def printed(self, job):
        """What the job printed, without the lines of its log, which may stand within a large row."""
        return LOG_LINE.sub("", job.log())

    def works(self, what, **options):
        """Rows of the snapshot, then changes: small, large, and after the connection was cut."""
        options = {key.replace("__", "."): value for key, value in options.items()}
        job = self.job().start(self.script(options))
        wait_until(f"{what}: the snapshot", lambda: "[1, first]" in self.printed(job), alive=job)
        first, self.next_id = self.next_id, self.next_id + 2
        self.mysql.run(f"INSERT INTO d.t VALUES ({first}, 'small')",
                       f"INSERT INTO d.t VALUES ({first + 1}, REPEAT('{first % 10}', {BIG_BYTES}))")
        wait_until(f"{what}: changes", lambda: f"[{first}, small]" in self.printed(job) and
                   f"[{first + 1}, {str(first % 10) * BIG_BYTES}]" in self.printed(job), alive=job)
        expect(f"[2, {'x' * BIG_BYTES}]" in self.printed(job), f"{what}: the large row of the snapshot is not whole")
        self.cut(given_user(options))
        self.next_id += 1
        self.mysql.run(f"INSERT INTO d.t VALUES ({self.next_id - 1}, 'after the cut')")
        wait_until(f"{what}: changes after the cut", lambda: f"[{self.next_id - 1}, after the cut]" in self.printed(job),
                   alive=job)
        expect(job.stop() == 0, f"{what}: the status of a stopped job is not 0")
        say(f"works: {what}")
        return job

    def cut(self, user):
        """Ends the connections of the user, that of the binlog among them."""
        dumps = [row for row in self.mysql.run("SHOW PROCESSLIST") if row[1] == user]
        expect(any("Dump" in row[4] for row in dumps), f"user {user} reads no binlog: {dumps}")
        for row in dumps:
            with contextlib.suppress(pymysql.MySQLError):  # one that has ended meanwhile
                self.mysql.run(f"KILL {row[0]}")

    def bytes_sent(self):
        return int(self.mysql.run("SHOW GLOBAL STATUS LIKE 'Bytes_sent'")[0][1])

    def fails(self, what, *words, status=3, **options):
        options = {key.replace("__", "."): value for key, value in options.items()}
        ended, out, err = self.job().once(self.script(options))
        expect(ended == status, f"{what}: status {ended}\n{out}{err}")
        for word in words:
            expect(word in err, f"{what}: the message does not say `{word}`\n{err}")
        expect("'pw'" not in err and "secret" not in err, f"{what}: the message shows a password\n{err}")
        say(f"fails: {what}: {err.strip().splitlines()[-1][:400]}")

    def tls_modes(self):
        tls = {"username": "tls", "hostname": "localhost"}
        verified = {**tls, "ssl__ca": self.ca}
        self.works("PREFERRED", **tls, jdbc__properties__sslMode="PREFERRED")
        self.works("REQUIRED", **tls, jdbc__properties__sslMode="required")
        self.works("VERIFY_CA", **{**verified, "hostname": "127.0.0.1"}, jdbc__properties__sslMode="VERIFY-CA")
        self.works("VERIFY_IDENTITY", **verified, jdbc__properties__sslMode="VERIFY_IDENTITY")
        self.works("Debezium's required", **tls, debezium__database__ssl__mode="required")
        self.works("Debezium's verify_identity", **verified, debezium__database__ssl__mode="verify_identity")
        self.works("useSSL", **tls, jdbc__properties__useSSL="true")
        self.works("requireSSL", **tls, jdbc__properties__requireSSL="true")
        self.works("verifyServerCertificate", **verified, jdbc__properties__verifyServerCertificate="true")
        self.works("the one of two modes that asks for more", **tls, jdbc__properties__useSSL="false",
                   debezium__database__ssl__mode="required")
        self.works("DISABLED", jdbc__properties__sslMode="DISABLED")
        self.works("a client certificate", username="certified", jdbc__properties__sslMode="REQUIRED",
                   ssl__cert=self.client[0], ssl__key=self.client[1])
        locked = self.folder / "locked.key"
        openssl("pkcs8", "-topk8", "-in", self.client[1], "-out", locked, "-passout", "pass:secret")
        self.works("a key with a password", username="certified", jdbc__properties__sslMode="REQUIRED",
                   ssl__cert=self.client[0], ssl__key=locked, **{"ssl__key-password": "secret"})
        self.fails("a wrong password of the key", "'ssl.key-password'", username="certified",
                   jdbc__properties__sslMode="REQUIRED", ssl__cert=self.client[0], ssl__key=locked,
                   **{"ssl__key-password": "other-secret"})

    def tls_errors(self):
        tls = {"username": "tls", "jdbc__properties__sslMode": "VERIFY_IDENTITY", "hostname": "localhost"}
        self.fails("a user who must use TLS", "user 'tls' may log in over TLS only", "'jdbc.properties.sslMode'",
                   username="tls")
        self.fails("another name", "is not for the host 127.0.0.1", "VERIFY_CA",
                   **{**tls, "hostname": "127.0.0.1"}, ssl__ca=self.ca)
        self.fails("another authority", f"is not signed by an authority of {self.other_ca}", "'ssl.ca'", **tls,
                   ssl__ca=self.other_ca)
        self.fails("the authorities of the system", "is not signed by an authority of this system", **tls)
        self.fails("a file that is not there", "the file of option 'ssl.ca' cannot be read", **tls,
                   ssl__ca=self.folder / "nothing.pem")
        bundle = self.folder / "bundle.p12"
        openssl("pkcs12", "-export", "-nokeys", "-in", self.ca, "-out", bundle, "-passout", "pass:secret")
        self.fails("PKCS #12", "is not a PEM file", "openssl pkcs12", **tls, ssl__ca=bundle)
        self.fails("the key of another certificate", "is not the key of the certificate", username="certified",
                   jdbc__properties__sslMode="REQUIRED", ssl__cert=self.client[0], ssl__key=self.key)
        self.fails("no client certificate", "REQUIRE X509", "'ssl.cert'", username="certified",
                   jdbc__properties__sslMode="REQUIRED")
        # The servers load no certificate that has expired.
        ends = time.monotonic() + SHORT_S
        self.certificates["short"] = self.authority.sign("short", NAMES, SHORT_S)
        self.reload_certificate("short")
        wait_until("the certificate to expire", lambda: time.monotonic() > ends + 1)
        self.fails("an expired certificate", "has expired", "renew it", **tls, ssl__ca=self.ca)
        self.works("an expired certificate that nobody looks at", username="tls",
                   jdbc__properties__sslMode="REQUIRED")
        self.reload_certificate("good")
        self.mysql.run("SET GLOBAL require_secure_transport = ON")
        self.fails("a server that wants TLS of everybody", "TLS", "require_secure_transport",
                   "set 'jdbc.properties.sslMode' = 'REQUIRED'")
        self.works("a server that wants TLS of everybody", jdbc__properties__sslMode="REQUIRED")
        self.mysql.run("SET GLOBAL require_secure_transport = OFF")

    def no_tls_at_all(self):
        """Nothing is sent to a server that says it has no TLS: somebody between might say so."""
        options = {} if self.kind == "mariadb" else {"tls_version": ""}
        server = self.new_server("without-tls", **options)
        server.create_user("plain", "pw")
        server.run("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v LONGTEXT)")
        for mode in ("REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"):
            before = server.run("SHOW GLOBAL STATUS LIKE 'Aborted_connects'")[0][1]
            self.fails(f"{mode} at a server without TLS", "the server offers no TLS", port=server.port,
                       jdbc__properties__sslMode=mode)
            after = server.run("SHOW GLOBAL STATUS LIKE 'Aborted_connects'")[0][1]
            expect(int(after) > int(before), "the connection was not given up before the login")
        server.run("INSERT INTO d.t VALUES (1, 'first')", f"INSERT INTO d.t VALUES (2, REPEAT('x', {BIG_BYTES}))")
        self.mysql, of_this = server, self.mysql
        self.works("PREFERRED at a server without TLS", jdbc__properties__sslMode="PREFERRED")
        self.mysql = of_this
        server.kill()

    def logins(self):
        tls = {"jdbc__properties__sslMode": "REQUIRED"}
        if self.kind == "mariadb":
            self.create_user("native", "IDENTIFIED VIA mysql_native_password USING PASSWORD('pw')")
            users = ["native"]
            if self.plugins:
                self.create_user("ed", "IDENTIFIED VIA ed25519 USING PASSWORD('pw')")
                users.append("ed")
        else:
            self.create_user("sha2", "IDENTIFIED WITH caching_sha2_password BY 'pw'")
            self.create_user("sha", "IDENTIFIED WITH sha256_password BY 'pw'")
            users = ["sha2", "sha"]
        for user in users:
            for name, options in (("without TLS", {}), ("over TLS", tls)):
                self.mysql.run("FLUSH PRIVILEGES")  # the server forgets the passwords that it has checked
                self.works(f"{user} {name}, the first login", username=user, **options)
                self.works(f"{user} {name}, again", username=user, **options)
            self.fails(f"a wrong password of {user}", "Access denied", "check the options username and password",
                       username=user, password="wrong")
            self.fails(f"a wrong password of {user} over TLS", "Access denied", username=user, password="wrong", **tls)

    def bytes_sent_in(self, what, compressed):
        before = self.bytes_sent()
        self.works(what, jdbc__properties__useCompression=compressed)
        return self.bytes_sent() - before

    def transports(self):
        plain, packed = self.bytes_sent_in("not compressed", "false"), self.bytes_sent_in("compressed", "true")
        expect(packed < plain / 4, f"the server sent {packed} bytes instead of {plain}")
        self.works("compressed over TLS", username="tls", jdbc__properties__useCompression="true",
                   jdbc__properties__sslMode="REQUIRED")
        self.works("a socket", socket=self.mysql.socket, port=free_port())
        self.works("localhost is not the library's own socket", hostname="localhost")
        for host in ("::1", "[::1]", f"[::1]:{self.mysql.port}"):
            port = self.mysql.port if "]:" not in host else free_port()
            self.works(f"IPv6 {host}", hostname=host, port=port)
        self.works("IPv6 verified", hostname="[::1]", username="tls", ssl__ca=self.ca,
                   jdbc__properties__sslMode="VERIFY_IDENTITY")

    def unreachable(self):
        self.fails("a port without a server", "Connection refused", "check 'hostname' and 'port'", port=free_port())
        self.fails("the same over IPv6", "[::1]", "Connection refused", port=free_port(), hostname="[::1]")
        self.fails("an unknown host", "no name server knows it: check 'hostname'", hostname="nowhere.invalid")
        self.fails("a socket that is not there", "No such file or directory", "check 'socket'",
                   socket=self.folder / "nothing")
        self.create_user("elsewhere", "IDENTIFIED BY 'pw'", host="10.1.2.3")
        self.fails("a user of another host", "this user may log in from this host", username="elsewhere")

    def host_not_allowed(self):
        """No user may come from this host at all."""
        for user, host in self.mysql.run("SELECT user, host FROM mysql.user"):
            if host != "localhost":
                self.mysql.run(f"DROP USER '{user}'@'{host}'")
        self.mysql.run("FLUSH PRIVILEGES")  # the servers keep in memory from where users may come
        words = ("is not allowed to connect", "CREATE USER")
        self.fails("a host that is not allowed", *words, hostname="[::1]")
        self.fails("a host that is not allowed, over TLS", *words, hostname="[::1]",
                   jdbc__properties__sslMode="REQUIRED")


def has_ipv6():
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
    return True


def test(kind):
    expect(has_ipv6(), "this machine has no ::1, which the test needs")
    with playground(f"connection-{kind}") as (folder, processes):
        connections = Connections(kind, folder, processes)
        connections.tls_modes()
        connections.tls_errors()
        connections.no_tls_at_all()
        connections.logins()
        connections.transports()
        connections.unreachable()
        connections.host_not_allowed()


if __name__ == "__main__":
    main(test, sys.argv[1])
