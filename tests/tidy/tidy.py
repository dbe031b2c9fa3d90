#!/usr/bin/env python3
"""The rules of the house that a program can check.

Arrows: who may include whom is the table below; every #include under src/ is held against it.
Size: no file over 500 lines, no function over 70.
Words: what must not be in our sources, and where it may be after all.
Options: every option of a connector is on that connector's page in docs/.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"

# A room, and the rooms whose headers it may include besides its own. `connectors` is the door: the
# files directly in src/connectors. `connectors/*` is every folder behind it.
MAY_INCLUDE = {
    "base": [],
    "net": ["base"],
    "http": ["base"],
    "row": ["base"],
    "sql": ["base"],
    "expr": ["row", "base"],
    "connectors": ["row", "base"],
    "connectors/cdc": ["connectors", "row", "base"],
    "connectors/*": ["connectors", "connectors/cdc", "net", "row", "base"],
    "plan": ["sql", "expr", "connectors", "row", "base"],
    "runtime": ["plan", "expr", "connectors", "row", "base"],
    "minidoris": ["minidoris/query", "minidoris/backend", "minidoris/frontend", "minidoris/store",
                  "minidoris/table", "http", "base"],
    "minidoris/query": ["minidoris/backend", "minidoris/frontend", "minidoris/store",
                        "minidoris/table", "http", "base"],
    "minidoris/backend": ["minidoris/frontend", "minidoris/store", "minidoris/table", "http",
                          "base"],
    "minidoris/frontend": ["minidoris/store", "minidoris/table", "http", "base"],
    "minidoris/store": ["minidoris/table", "base"],
    "minidoris/table": ["base"],
    "cli": ["runtime", "plan", "sql", "expr", "connectors", "net", "row", "base"],
}

# Headers of libraries that only some rooms may include.
LIBRARY_ONLY_IN = {
    r"antlr4-runtime\.h|FlinkSql(Lexer|Parser)\.h": ["sql"],
    r"curl/.*": ["net"],
    r"(mysql|mariadb|errmsg|mysqld_error)(/.*)?\.h": ["connectors/mysql", "connectors/doris"],
    r"sqlite3\.h": ["minidoris/store"],
    r"microhttpd\.h": ["http"],
    r"date/tz\.h|pcre2\.h": ["base"],
    r"openssl/.*": ["expr"],
    r"histedit\.h": ["cli"],
}

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70

# (word, why not, files where it may be)
BANNED = [
    (r"\bTODO\b|\bFIXME\b|\bXXX\b|\bHACK\b", "say it in an issue, or do it", []),
    (r"\busleep\s*\(|\bsleep\s*\(\s*\d|sleep_for|sleep_until|\bnanosleep\b",
     "wait for a condition, or through base/clock.h", ["src/base/clock.cc"]),
    (r"\busing namespace std\b", "write std::", []),
    (r"\bstd::endl\b", "it flushes; write '\\n'", []),
    (r"\bgettimeofday\b|system_clock::now|steady_clock::now", "time comes in as a Clock",
     ["src/base/clock.cc", "src/base/log.cc"]),
    (r"\b(rand|srand)\s*\(", "randomness comes in through the constructor", []),
    (r"\bstrtok\b|\bsprintf\s*\(|\bstrcpy\s*\(|\batoi\s*\(", "unbounded or unchecked", []),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def room_of(path):
    """The room of a path relative to src/: 'connectors/mysql', 'connectors' or the first folder."""
    parts = Path(path).parts
    if parts[0] in ("connectors", "minidoris") and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0]


def rule_of(room):
    of_its_kind = "connectors/*" if room.startswith("connectors/") else room
    return MAY_INCLUDE.get(room, MAY_INCLUDE.get(of_its_kind))


def sources(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in (".cc", ".h"))


def check_arrows(complaints):
    for path in sources(SRC):
        here = path.relative_to(SRC)
        room = room_of(here)
        allowed = rule_of(room)
        if allowed is None:
            complaints.append(f"{path.relative_to(ROOT)}: the room '{room}' is not in the table")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if found:
                check_include(f"{path.relative_to(ROOT)}:{number}", room, allowed,
                              found.group(1) or found.group(2), complaints)


def check_include(place, room, allowed, included, complaints):
    if (SRC / included).exists():
        target = room_of(included)
        if target == room or target in allowed:
            return
        if room == "cli" and target.startswith("connectors/"):
            complaints.append(f"{place}: only the generated list names connectors: {included}")
            return
        complaints.append(f"{place}: {room} must not include {target}: {included}")
        return
    for pattern, rooms in LIBRARY_ONLY_IN.items():
        if re.fullmatch(pattern, included) and room not in rooms:
            complaints.append(f"{place}: only {', '.join(rooms)} may include <{included}>")


def check_sizes(complaints):
    for path in sources(SRC):
        lines = path.read_text().splitlines()
        name = path.relative_to(ROOT)
        if len(lines) > FILE_LINES_MAX:
            complaints.append(f"{name}: {len(lines)} lines, at most {FILE_LINES_MAX}: a second "
                              "subject?")
        start = None
        for number, line in enumerate(lines, 1):
            # The formatter puts the last line of a function's head and its end at column one (or
            # two within a class, which is not looked at).
            if re.match(r"^[A-Za-z].*[)t] (const )?(noexcept )?(override )?\{$", line) or (
                    re.match(r"^    .*\) (const )?(noexcept )?\{$", line) and start is None
                    and number > 1 and re.match(r"^[A-Za-z].*[,(]$", lines[number - 2])):
                start = number
            elif line == "}" and start is not None:
                if number - start > FUNCTION_LINES_MAX:
                    complaints.append(f"{name}:{start}: a function of {number - start} lines, at "
                                      f"most {FUNCTION_LINES_MAX}")
                start = None


def check_words(complaints):
    for folder in (SRC, ROOT / "tests"):
        for path in sources(folder):
            name = str(path.relative_to(ROOT))
            for number, line in enumerate(path.read_text().splitlines(), 1):
                for pattern, why, except_in in BANNED:
                    if folder == SRC and name not in except_in and re.search(pattern, line):
                        complaints.append(f"{name}:{number}: {why}: {line.strip()}")
                    elif folder != SRC and pattern.startswith(r"\bTODO") and re.search(pattern, line):
                        complaints.append(f"{name}:{number}: {why}: {line.strip()}")


def check_options(complaints):
    """Every `.key = "..."` of a connector's option table is named on its page, if it has one."""
    for folder in sorted((SRC / "connectors").iterdir()):
        page = ROOT / "docs" / f"{folder.name}.md"
        if not folder.is_dir() or not page.exists():
            continue
        text = page.read_text()
        for path in sources(folder):
            for line in path.read_text().splitlines():
                key = re.search(r'\.key = "([^"]+)"', line)
                if key and ".ignored = true" not in line and key.group(1) not in text:
                    complaints.append(f"docs/{page.name}: the option '{key.group(1)}' is missing")


def main():
    complaints = []
    if not sources(SRC):
        sys.exit("tidy: no sources found")
    for check in (check_arrows, check_sizes, check_words, check_options):
        check(complaints)
    for complaint in complaints:
        print(complaint)
    if complaints:
        sys.exit(f"tidy: {len(complaints)} complaints")


if __name__ == "__main__":
    main()
