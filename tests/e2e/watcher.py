"""Reads a Doris table all along and proves afterwards that every content it saw belongs to a
completed checkpoint.

A note is (checkpoints seen before the read, content, checkpoints seen after it). Which content a
checkpoint stands for follows from the binlog positions of its sources and the workload's journal.
"""

import contextlib
import itertools
import json
import re
import threading
import time

import pymysql

from servers import TestFailure, say

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
    def __init__(self, doris, millrace, job, target):
        super().__init__(daemon=True, name=f"watcher of {target.name}")
        self.target = target
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
        except Exception as error:  # pylint: disable=broad-except  # reported to the main thread
            self.failure = error
            say(f"the {self.name} failed: {error!r}")

    def read(self, connection):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {self.target.columns} FROM demo.{self.target.name}")
            return frozenset(tuple(None if value is None else str(value) for value in row)
                             for row in cursor.fetchall())

    def stop(self):
        self.stopping.set()
        self.join()


class Contents:
    """The rows of one source at each checkpoint, rolled forward through the journal. `source` is its
    index, `databases` are those it reads."""

    def __init__(self, journal, checkpoints, source, databases):
        self.by_number = {}
        self.or_else = {}  # checkpoint -> content if an uncertain commit came before it
        self.databases = databases
        rows, done = {}, 0
        for number in sorted(checkpoints):
            state = checkpoints[number]["sources"][source]
            position = find_position(state)
            if position is None or not snapshot_done(state):
                continue
            while done < len(journal) and journal[done].position <= position:
                self.apply(journal[done], rows)
                done += 1
            self.by_number[number] = frozenset(rows.values())
            if done < len(journal) and journal[done].uncertain:
                other = dict(rows)
                self.apply(journal[done], other)
                self.or_else[number] = frozenset(other.values())

    def apply(self, entry, rows):
        for database, key, row in entry.changes:
            if database not in self.databases:
                continue
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = row


def contents_of(target, shape, journal, checkpoints):
    """What may be visible in a table at each checkpoint whose sources are all through with their
    snapshots: number -> contents, the one without uncertain commits first."""
    parts = [Contents(journal, checkpoints, source, databases)
             for source, databases in enumerate(shape.parts)]
    known = set.intersection(*(set(part.by_number) for part in parts))
    contents = {}
    for number in known:
        choices = [[part.by_number[number], *([part.or_else[number]] if number in part.or_else else [])]
                   for part in parts]
        contents[number] = [target.of(frozenset().union(*choice))
                            for choice in itertools.product(*choices)]
    return contents


def snapshot_done(state):
    text = json.dumps(state)
    return '"phase": "streaming"' in text or '\\"phase\\":\\"streaming\\"' in text


def describe(seen, wanted):
    lines = [f"  seen, not expected: {row}" for row in sorted(seen - wanted, key=str)]
    lines += [f"  expected, not seen: {row}" for row in sorted(wanted - seen, key=str)]
    more = len(lines) - DIFFERENCES_SHOWN
    return "\n".join(lines[:DIFFERENCES_SHOWN] + ([f"  and {more} more"] if more > 0 else []))


def judge(watcher, journal, shape, one_commit):
    """Fails if a content was visible that belongs to no completed checkpoint. With one_commit a
    checkpoint becomes visible as a whole; else rows of two neighbouring checkpoints may mix while
    the second is being committed."""
    target = watcher.target
    contents = contents_of(target, shape, journal, watcher.checkpoints)
    ever = target.of(row for entry in journal for _, _, row in entry.changes if row is not None)
    numbers = sorted(contents)
    exact = loose = 0
    for before, rows, after in watcher.notes:
        if after == 0 and rows:
            raise TestFailure(f"{len(rows)} rows are visible before the first checkpoint")
        older = [number for number in numbers if number < before]
        allowed = [number for number in numbers if before <= number <= after]
        if not older and allowed and allowed[0] == 1:
            # The first checkpoint comes after nothing; its lanes are committed one after the other.
            contents[0] = [frozenset()]
            older = [0]
        if not allowed or not older:
            # During the snapshot, and until the commit of its final checkpoint is done, only this much
            # is known: no row is made up.
            unknown = rows - ever
            if unknown:
                raise TestFailure(f"rows that MySQL never had: {sorted(unknown, key=str)[:3]}")
            loose += 1
            continue
        # Commits follow the file, so one older content may still be visible.
        allowed = older[-1:] + allowed
        known = [contents[number][0] for number in allowed]
        known += [content for number in allowed for content in contents[number][1:]]
        if not fits(rows, known, one_commit):
            raise TestFailure(
                f"a content of {target.name} was visible that belongs to none of the checkpoints "
                f"{allowed}; compared with {allowed[-1]}:\n"
                f"{describe(rows, contents[allowed[-1]][0])}")
        exact += 1
    say(f"the {watcher.name} read {watcher.reads} times, saw {len(watcher.notes)} contents and "
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
