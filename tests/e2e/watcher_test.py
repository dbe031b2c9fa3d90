# ctest: watcher, 60 s, fast
"""The watcher must be able to fail: its verdict over made-up journals, checkpoints and notes."""

from types import SimpleNamespace

from servers import TestFailure
from shapes import Shape, Target
from watcher import judge
from workload import Entry


def row(number, value):
    return (str(number), "2000-01-01", value)


def put(number, value):
    return ("d", row(number, value)[:2], row(number, value))


def checkpoint(offset, phase="streaming"):
    return {"sources": [{"position": {"phase": phase, "file": "bin.000001", "pos": offset}}]}


JOURNAL = [Entry((1, 100), [put(1, "a"), put(2, "a")]), Entry((1, 200), [put(1, "b"), put(2, "b")]),
           Entry((1, 300), [("d", ("1", "2000-01-01"), None), put(2, "c")])]
FIRST = frozenset([row(1, "a"), row(2, "a")])
SECOND = frozenset([row(1, "b"), row(2, "b")])
MIXED = frozenset([row(1, "b"), row(2, "a")])
THIRD = frozenset([row(2, "c")])
CHECKPOINTS = {1: checkpoint(100), 2: checkpoint(200), 3: checkpoint(399)}


def verdict(notes, one_commit=True, checkpoints=None, journal=None, parts=(("d",),), row_of=None):
    target = Target("t", "", "", row_of or (lambda row: row))
    watcher = SimpleNamespace(notes=notes, reads=len(notes), checkpoints=checkpoints or CHECKPOINTS,
                              target=target, name="watcher")
    try:
        judge(watcher, journal or JOURNAL, Shape("", [target], parts), one_commit)
        return True
    except TestFailure:
        return False


def two_sources():
    """Each has its own position; the content of a checkpoint is that of both together."""
    journal = [Entry((1, 100), [put(1, "a"), ("e", *put(2, "a")[1:])]),
               Entry((1, 200), [put(1, "b"), ("e", *put(2, "b")[1:])])]
    checkpoints = {1: {"sources": checkpoint(100)["sources"] * 2},
                   2: {"sources": checkpoint(200)["sources"] + checkpoint(100)["sources"]}}

    def fits(notes):
        return verdict(notes, checkpoints=checkpoints, journal=journal, parts=(("d",), ("e",)))
    assert fits([(1, FIRST, 1), (2, MIXED, 2)]), "the first source is further than the second"
    assert not fits([(1, FIRST, 1), (2, SECOND, 2)]), "the second source is not that far"


def main():
    two_sources()
    good = [(0, frozenset(), 0), (1, FIRST, 1), (2, FIRST, 2), (2, SECOND, 2), (3, THIRD, 3)]
    assert verdict(good)
    assert not verdict([(0, FIRST, 0)]), "rows before the first checkpoint"
    assert not verdict([(1, FIRST, 1), (1, SECOND, 1)]), "a checkpoint that is not complete"
    assert not verdict([(1, FIRST, 1), (2, MIXED, 2)]), "half a transaction"
    assert verdict([(1, FIRST, 1), (2, MIXED, 2)], one_commit=False), "two lanes mix for a moment"
    assert not verdict([(3, FIRST, 3)]), "a content that is long gone"
    assert not verdict([(3, SECOND | THIRD, 3)]), "a deleted row is still there"
    assert verdict([(1, frozenset([row(2, "A")]), 1)],
                   row_of=lambda r: (*r[:2], r[2].upper()) if r[0] == "2" else None), "a view of it"
    lost = frozenset([row(1, "b")])
    assert not verdict([(1, FIRST, 1), (2, lost, 2)], one_commit=False), "a lost row"
    snapshot = {1: checkpoint(100, "snapshot"), **{n: CHECKPOINTS[n] for n in (2, 3)}}
    assert verdict([(1, MIXED, 1)], checkpoints=snapshot), "the snapshot may mix versions"
    assert not verdict([(1, frozenset([row(9, "z")]), 1)], checkpoints=snapshot), "a made-up row"


if __name__ == "__main__":
    main()
