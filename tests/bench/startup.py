"""How long the shell takes from its start to the first prompt, through a pseudo-terminal."""

import argparse
import os
import pty
import statistics
import time
from pathlib import Path

BINARY = Path(os.environ.get("MILLRACE_BINARY_DIR", "build/release")) / "millrace"
PROMPT = b"SQL>"
MILLISECONDS_MAX = 30


def milliseconds_to_prompt():
    begin = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execv(BINARY, [str(BINARY)])
    seen = b""
    while PROMPT not in seen:
        seen += os.read(terminal, 4096)
    elapsed = (time.perf_counter() - begin) * 1000
    os.write(terminal, b"quit\r")
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:  # the other side is closed
        pass
    os.close(terminal)
    os.waitpid(pid, 0)
    return elapsed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=50)
    runs = parser.parse_args().runs
    times = sorted(milliseconds_to_prompt() for _ in range(runs))
    print(f"start to first prompt, {runs} runs: median {statistics.median(times):.1f} ms, "
          f"fastest {times[0]:.1f} ms, slowest {times[-1]:.1f} ms (goal: below "
          f"{MILLISECONDS_MAX} ms)")


if __name__ == "__main__":
    main()
