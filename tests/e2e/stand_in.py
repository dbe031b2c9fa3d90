# ctest: stand_in, 60 s, fast
"""minidoris as a program: its options, its ports, what it says about them. No database server."""

import subprocess

from servers import (BINARY_DIR, Minidoris, TestFailure, expect, free_port, main, playground, say,
                     wait_until)


def run(*arguments, deadline_s=20):
    """Runs minidoris to its end; returns (status, standard output, standard error)."""
    command = [str(BINARY_DIR / "minidoris"), *[str(a) for a in arguments]]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=deadline_s,
                              check=False)
    except subprocess.TimeoutExpired:
        raise TestFailure(f"still running after {deadline_s} s: {' '.join(command)}") from None
    return done.returncode, done.stdout, done.stderr


def usage():
    status, out, _ = run("--version")
    expect(status == 0 and out.startswith("minidoris ") and out.strip()[-1].isdigit(),
           f"--version: {status}, {out!r}")
    status, out, _ = run("--help")
    expect(status == 0 and "--be-http-port" in out, f"--help: {status}, {out!r}")
    status, _, err = run("--no-such-option")
    expect(status == 2 and "minidoris --help" in err, f"wrong usage: {status}, {err!r}")
    status, _, err = run()
    expect(status == 2 and "data" in err, f"no --data: {status}, {err!r}")


def taken_ports(folder, first):
    """A second process on a port of the first one is refused, whichever port it is."""
    for option, port in (("--http-port", first.http_port), ("--be-http-port", first.be_port),
                         ("--query-port", first.query_port)):
        ports = {"--http-port": 0, "--be-http-port": 0, "--query-port": 0, option: port}
        status, out, err = run("--data", folder / "second", *[w for p in ports.items() for w in p])
        expect(status == 3, f"{option} of another minidoris: status {status}, {out!r}, {err!r}")
        for part in (f"127.0.0.1:{port}", "another process listens on this port", option):
            expect(part in err, f"{option}: the message does not say {part!r}: {err!r}")


def restart(server):
    """The same ports, right after a stop and right after a kill, with connections that were open."""
    for end in (server.stop, server.kill):
        connection = server.connect()
        end()
        server.start()
        connection.close()
    expect(server.stop() == 0, f"exit status {server.status()}")


def warning(folder):
    for host, warned in (("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True)):
        server = Minidoris(folder / host, "--host", host)
        server.start()
        server.stop()
        lines = [line for line in server.log().splitlines() if "warning" in line]
        expect(len(lines) == warned, f"--host {host}: {lines}")
        if warned:
            expect("0.0.0.0" in lines[0] and "without a password" in lines[0], lines[0])
    status, _, err = run("--data", folder / "x", "--host", "example.org", "--http-port", free_port())
    expect(status == 3 and "is not an IPv4 address" in err, f"{status}, {err!r}")


def test():
    with playground("stand-in") as (folder, processes):
        say("options")
        usage()
        server = Minidoris(folder / "first")
        processes.append(server)
        server.start()
        say("ports of another process")
        taken_ports(folder, server)
        wait_until("the first to answer still", lambda: server.run("SELECT 1") == [(1,)])
        say("restarts")
        restart(server)
        say("addresses")
        warning(folder)


if __name__ == "__main__":
    main(test)
