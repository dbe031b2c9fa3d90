"""Writes the seeds of a fuzzer: the inputs of the golden files as one file each, or what real servers
wrote into their binlogs and sent as rows.

    seeds.py FUZZER TESTS_FOLDER SEED_FOLDER
"""

import pathlib
import re
import sys


def inputs(path):
    """The inputs of the cases of one .test file."""
    lines = None
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith(">>> "):
            lines = []
        elif line == "----" and lines is not None:
            yield "\n".join(lines)
            lines = None
        elif lines is not None:
            lines.append(line)


def statements(tests):
    for path in sorted((tests / "golden").rglob("*.test")):
        for text in inputs(path):
            for statement in [text] + text.split("; "):
                yield statement.encode()


TRANSACTION_PAYLOAD = 40  # the type of an event


def binlogs(tests):
    """Events after the description of the format. Compressed transactions with what is around them, too:
    whole and in pieces (the highest bit), with the connection lost after them or not."""
    for path in sorted((tests / "unit" / "connectors_mysql" / "captured").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        log = bytes.fromhex("".join(line[7:] for line in lines if line.startswith("binlog ")))[4:]
        events = []
        while log:
            size = int.from_bytes(log[9:13], "little")
            events.append(log[:size])
            log = log[size:]
        for first in range(1, len(events), 4):
            yield b"\xff" + events[0] + b"".join(events[first:first + 8])
            yield b"\x04" + events[0] + b"".join(events[first:first + 4] * 2)
        for at, event in enumerate(events):
            if event[4] == TRANSACTION_PAYLOAD:
                around = events[max(at - 1, 1):at + 2]
                for first_byte in (b"\x7f", b"\xff", b"\x02", b"\x82"):
                    yield first_byte + events[0] + b"".join(around * 2)


def results(tests):
    """Rows as packets, one after the other, in pieces of some sizes."""
    for path in sorted((tests / "unit" / "connectors_mysql" / "captured").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        packets = [bytes.fromhex(line[7:]) for line in lines if line.startswith("result ")]
        for first in range(len(packets)):
            chosen = packets[first:first + 3]
            stream = b"".join(len(packet).to_bytes(3, "little") + bytes([number]) + packet
                              for number, packet in enumerate(chosen))
            for piece in (b"\x00", b"\x10", b"\xff"):
                yield piece + stream


def positions(_):
    """Positions of a mysql-cdc table, in every phase."""
    log = '"file":"bin.000001","offset":4'
    yield f'{{{log},"phase":"streaming"}}'.encode()
    yield f'{{{log},"gtids":"3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5:7","phase":"streaming"}}'.encode()
    yield (f'{{{log},"phase":"snapshot","tables":{{"d.a":"done","d.b":{{"next":-7}},'
           '"d.c":{"after":["_utf8mb4 X\'61\'","5"]}},"rows_read":1000}').encode()


def doris_answers(tests):
    """The answers in the unit tests of the Doris connector, each after a byte for its status."""
    for path in sorted((tests / "unit" / "connectors_doris").glob("*_test.cc")):
        for text in re.findall(r'R"\((\{.*?)\)"', path.read_text(encoding="utf-8"), re.DOTALL):
            for status in (b"\x00", b"\x06"):
                yield status + text.encode()


def definitions(tests):
    """The strings in the unit test of the parser of DDL; those that are next to each other are one."""
    text = (tests / "unit" / "connectors_mysql" / "ddl_parser_test.cc").read_text(encoding="utf-8")
    literal = r'"((?:[^"\\\n]|\\.)*)"'
    for found in re.finditer(rf"{literal}(?:\s*{literal})*", text):
        joined = "".join(re.findall(literal, found.group(0)))
        yield re.sub(r"\\(.)", lambda escaped: {"n": "\n", "t": "\t"}.get(escaped[1], escaped[1]), joined).encode()


def strings(tests):
    """The strings in the statements of the golden files."""
    for statement in statements(tests):
        yield from re.findall(r"'((?:[^']|'')*)'", statement.decode())


def values(tests):
    """Each string after a byte for a type."""
    for number, text in enumerate(strings(tests)):
        for kind in (number % 20, (number * 7 + 13) % 20):
            yield bytes([kind]) + text.encode()


def pairs(tests):
    """Two strings of the golden files that are next to each other, on two lines: a pattern and a text."""
    before = ""
    for text in strings(tests):
        yield f"{text}\n{before}".encode()
        before = text


def patterns(tests):
    """The same after a byte for the style."""
    for number, pair in enumerate(pairs(tests)):
        yield bytes([number % 2]) + pair


SEEDS = {"expr_casts": values, "expr_date_patterns": patterns, "expr_json_paths": pairs,
         "expr_regex": pairs,
         "doris_answers": doris_answers, "mysql_ddl": definitions, "mysql_log": binlogs, "mysql_rows": results,
         "mysql_position": positions}


def main():
    tests, seeds = (pathlib.Path(argument) for argument in sys.argv[2:4])
    seeds.mkdir(parents=True, exist_ok=True)
    count = 0
    for content in SEEDS.get(sys.argv[1], statements)(tests):
        count += 1
        (seeds / str(count)).write_bytes(content)
    if count == 0:
        sys.exit(f"{tests}: no seed found")


if __name__ == "__main__":
    main()
