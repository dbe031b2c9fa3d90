"""A program at a pseudo-terminal: what a human would type and see."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from servers import TestFailure, in_the_child

DEADLINE_S = 20
READ_BYTES = 65536
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r|\x07")

ENTER = "\r"
TAB = "\t"
CTRL_A, CTRL_C, CTRL_D, CTRL_E, CTRL_R, CTRL_W, CTRL_Z = "\x01\x03\x04\x05\x12\x17\x1a"
BACKSPACE, DELETE = "\x7f", "\x1b[3~"
UP, DOWN, LEFT, RIGHT, HOME = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C", "\x1b[H"


class Terminal:
    def __init__(self, command, environment, rows=40, columns=160):
        self.name = "terminal"
        self.raw = ""  # everything shown so far
        self.seen = 0  # how much of it was expected already
        self.exit_status = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            in_the_child()
            os.execve(command[0], [str(word) for word in command], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def pump(self, seconds):
        """Takes in what is shown within that time. False at the end."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return True
        try:
            shown = os.read(self.fd, READ_BYTES)
        except OSError:
            return False
        self.raw += shown.decode(errors="replace")
        return bool(shown)

    def type(self, text):
        os.write(self.fd, text.encode())
        return self

    def new_text(self):
        return ESCAPES.sub("", self.raw[self.seen:])

    def see(self, text, deadline_s=DEADLINE_S):
        """Waits until `text` (a regular expression) is shown after what was seen before. Escapes
        are left out. Returns the match."""
        end = time.monotonic() + deadline_s
        alive = True
        while True:
            # Escapes are long gone from what is matched, so places are found again in the raw text.
            found = re.search(text, self.new_text())
            if found:
                wanted = found.end()
                at = self.seen
                while len(ESCAPES.sub("", self.raw[self.seen:at])) < wanted:
                    at += 1
                self.seen = at
                return found
            if not alive or time.monotonic() > end:
                raise TestFailure(f"the terminal does not show {text!r}; it shows\n"
                                  f"{self.new_text()[-4000:]}\n--- raw\n{self.raw[-4000:]!r}")
            alive = self.pump(0.05)

    def line(self, text):
        return self.type(text + ENTER)

    def end(self, deadline_s=DEADLINE_S):
        """Waits for the end of the program; its exit status."""
        end = time.monotonic() + deadline_s
        while self.exit_status is None:
            self.pump(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.exit_status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise TestFailure(f"the program does not end; it shows\n{self.new_text()}")
        return self.exit_status

    def signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        if self.exit_status is None:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            self.exit_status = -signal.SIGKILL
        with contextlib.suppress(OSError):
            os.close(self.fd)

    def log(self):
        return self.raw

    def log_tail(self, _lines=0):
        return self.raw[-4000:]
