"""Reads the Doris table all along and proves afterwards that every content it saw belongs to a
completed checkpoint.

A note is (checkpoints seen before the read, content, checkpoints seen after it). Which content a
checkpoint stands for follows from its binlog position and the workload's journal.
"""

import contextlib
import json
import re
import threading
import time

import pymysql

from servers import TestFailure, say
from workload import COLUMNS

PAUSE_S = 0.01
DIFFERENCES_SHOWN = 6


def find_position(node):
    """The binlog position of a checkpoint's JSON as (file number, offset), or None while the
    snapshot is not finished."""
    if isinstance(node, str) and node.lstrip().startswith("{"):
        with contextlib.suppress(json.JSONDecodeError):
            return find_position(json.loads(node))
    if isinstance(node, dict):
        file = node.get("file")
        offset = node.get("pos", node.get("position", node.get("offset")))
        if isinstance(file, str) and re.search(r"\.\d+$", file) and isinstance(offset, int):
            return (int(file.rsplit(".", 1)[1]), offset)
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            found = find_position(value)
            if found:
                return found
    return None


class Watcher(threading.Thread):
    def __init__(self, doris, millrace, job):
        super().__init__(daemon=True, name="watcher")
        self.doris = doris
        self.millrace = millrace
        self.job = job
        self.checkpoints = {}  # number -> JSON
        self.notes = []
        self.reads = 0
        self.failure = None
        self.stopping = threading.Event()

    def look_at_checkpoints(self):
        """Reads the new checkpoint files; returns the highest number there is."""
        newest = 0
        for number, path in self.millrace.checkpoints(self.job):
            if number not in self.checkpoints:
                with contextlib.suppress(FileNotFoundError):  # retired in the meantime
                    self.checkpoints[number] = json.loads(path.read_text())
            newest = max(newest, number)
        return newest

    def run(self):
        connection = None
        try:
            while not self.stopping.is_set():
                before = self.look_at_checkpoints()
                try:
                    connection = connection or self.doris.connect()
                    rows = self.read(connection)
                except (pymysql.MySQLError, OSError):
                    connection = None
                    self.stopping.wait(PAUSE_S)
                    continue
                self.reads += 1
                after = self.look_at_checkpoints()
                if not self.notes or self.notes[-1][1] != rows:
                    self.notes.append((before, rows, after))
                self.stopping.wait(PAUSE_S)
        except Exception as error:  # pylint: disable=broad-except  # told to the main thread
            self.failure = error
            say(f"the watcher failed: {error!r}")

    @staticmethod
    def read(connection):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {COLUMNS}, database_name, table_name FROM demo.employees")
            return frozenset(tuple(None if value is None else str(value) for value in row)
                             for row in cursor.fetchall())

    def stop(self):
        self.stopping.set()
        self.join()


class Contents:
    """The content of Doris at each checkpoint, rolled forward through the journal."""

    def __init__(self, journal, checkpoints):
        self.by_number = {}
        self.or_else = {}  # checkpoint -> content if an uncertain commit came before it
        rows, done = {}, 0
        for number in sorted(checkpoints):
            position = find_position(checkpoints[number]["sources"])
            if position is None or not snapshot_done(checkpoints[number]):
                continue
            while done < len(journal) and journal[done].position <= position:
                self.apply(journal[done], rows)
                done += 1
            self.by_number[number] = frozenset(rows.values())
            if done < len(journal) and journal[done].uncertain:
                other = dict(rows)
                self.apply(journal[done], other)
                self.or_else[number] = frozenset(other.values())

    @staticmethod
    def apply(entry, rows):
        for key, row in entry.changes:
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = row


def snapshot_done(checkpoint):
    text = json.dumps(checkpoint)
    return '"phase": "streaming"' in text or '\\"phase\\":\\"streaming\\"' in text


def describe(seen, wanted):
    lines = [f"  seen, not expected: {row}" for row in sorted(seen - wanted, key=str)]
    lines += [f"  expected, not seen: {row}" for row in sorted(wanted - seen, key=str)]
    more = len(lines) - DIFFERENCES_SHOWN
    return "\n".join(lines[:DIFFERENCES_SHOWN] + ([f"  and {more} more"] if more > 0 else []))


def judge(watcher, journal, one_commit):
    """Fails if a content was visible that belongs to no completed checkpoint. With one_commit a
    checkpoint becomes visible as a whole; else rows of two neighbouring checkpoints may mix while
    the second is being committed."""
    history = Contents(journal, watcher.checkpoints)
    contents = history.by_number
    ever = {row for entry in journal for _, row in entry.changes if row is not None}
    numbers = sorted(contents)
    exact = loose = 0
    for before, rows, after in watcher.notes:
        if after == 0 and rows:
            raise TestFailure(f"{len(rows)} rows are visible before the first checkpoint")
        older = [number for number in numbers if number < before]
        allowed = [number for number in numbers if before <= number <= after]
        if not older and allowed and allowed[0] == 1:
            # The first checkpoint comes after nothing; its lanes are committed one after the other.
            contents[0] = frozenset()
            older = [0]
        if not allowed or not (older or before in contents):
            # During the snapshot only this much is known: no row is made up.
            unknown = rows - ever
            if unknown:
                raise TestFailure(f"rows that MySQL never had: {sorted(unknown, key=str)[:3]}")
            loose += 1
            continue
        # Commits follow the file, so one older content may still be visible.
        allowed = older[-1:] + allowed
        known = [contents[number] for number in allowed]
        known += [history.or_else[number] for number in allowed if number in history.or_else]
        if not fits(rows, known, one_commit):
            wanted = contents[allowed[-1]]
            raise TestFailure(
                f"a content was visible that belongs to none of the checkpoints {allowed}; "
                f"compared with {allowed[-1]}:\n{describe(rows, wanted)}")
        exact += 1
    say(f"the watcher read {watcher.reads} times, saw {len(watcher.notes)} contents and "
        f"{len(watcher.checkpoints)} checkpoints; {exact} contents were compared exactly, "
        f"{loose} during the snapshot")
    return exact


def fits(rows, contents, one_commit):
    if rows in contents:
        return True
    if one_commit:
        return False
    seen = by_key(rows)
    for old, new in zip(map(by_key, contents), map(by_key, contents[1:])):
        if all(seen.get(key) in (old.get(key), new.get(key)) for key in {*seen, *old, *new}):
            return True
    return False


def by_key(rows):
    return {row[:2]: row for row in rows}
