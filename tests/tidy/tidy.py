#!/usr/bin/env python3
"""The rules of the project that a program can check.

Arrows: who may include whom is the table below; every #include under src/ is held against it.
Size: no file over 500 lines, no class over 200, no function over 70.
Code: what must not be in our sources, and where it may be after all.
Words: the turns of phrase that docs/vocabulary.md replaces are in no source and no page.
Options: every connector has a page in docs/, and every one of its options is on it.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"

# A module, and the modules whose headers it may include besides its own. `connectors` is the interface:
# the files directly in src/connectors. `connectors/*` is every folder below it.
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
    "engine": ["runtime", "plan", "sql", "connectors", "row", "base"],
    "minidoris": ["minidoris/query", "minidoris/backend", "minidoris/frontend", "minidoris/store",
                  "minidoris/table", "http", "base"],
    "minidoris/query": ["minidoris/backend", "minidoris/frontend", "minidoris/store",
                        "minidoris/table", "http", "base"],
    "minidoris/backend": ["minidoris/frontend", "minidoris/store", "minidoris/table", "http",
                          "base"],
    "minidoris/frontend": ["minidoris/store", "minidoris/table", "http", "base"],
    "minidoris/store": ["minidoris/table", "base"],
    "minidoris/table": ["base"],
    "cli": ["engine", "runtime", "plan", "sql", "expr", "connectors", "net", "row", "base"],
}

# Headers of libraries that only some folders may include.
LIBRARY_ONLY_IN = {
    r"antlr4-runtime\.h": ["sql", "connectors/mysql/ddl"],
    r"FlinkSql(Lexer|Parser)\.h": ["sql"],
    r"MySqlDdl\.h": ["connectors/mysql/ddl"],
    r"curl/.*": ["net"],
    r"(mysql|mariadb|errmsg|mysqld_error|ma_pvio)(/.*)?\.h": ["connectors/mysql", "connectors/doris"],
    r"sqlite3\.h": ["minidoris/store"],
    r"microhttpd\.h": ["http"],
    r"date/tz\.h|pcre2\.h": ["base"],
    r"openssl/.*": ["expr", "connectors/mysql"],
    r"histedit\.h": ["cli"],
}

FILE_LINES_MAX = 500
CLASS_LINES_MAX = 200
FUNCTION_LINES_MAX = 70

# Files that are still to be moved to base/json.h. None is to be added.
STILL_NLOHMANN = ["src/expr/functions/json_path.h", "src/connectors/mysql/binlog/visibility.cc"]

# (pattern, why not, files where it may be)
BANNED = [
    (r"\bTODO\b|\bFIXME\b|\bXXX\b|\bHACK\b", "say it in an issue, or do it", []),
    (r"\busleep\s*\(|\bsleep\s*\(\s*\d|sleep_for|sleep_until|\bnanosleep\b",
     "wait for a condition, or through base/clock.h", ["src/base/clock.cc"]),
    (r"\busing namespace std\b", "write std::", []),
    (r"\bstd::endl\b", "it flushes; write '\\n'", []),
    (r"\bgettimeofday\b|system_clock::now|steady_clock::now", "time comes in as a Clock",
     ["src/base/clock.cc", "src/base/log.cc"]),
    (r"\b(rand|srand)\s*\(", "randomness comes in through the constructor", []),
    (r"<nlohmann/", "read and write JSON through base/json.h, which never throws",
     ["src/base/json.cc", "src/expr/functions/json.cc", "src/expr/functions/json_path.cc",
      "src/expr/functions/json_structure.cc", *STILL_NLOHMANN]),
    (r"\bstrtok\b|\bsprintf\s*\(|\bstrcpy\s*\(|\batoi\s*\(", "unbounded or unchecked", []),
]

# (turn of phrase, what to say instead): see docs/vocabulary.md.
TURNS = [
    (r"(?<!left )(?<!nothing )\bbehind\b", "after"),
    (r"\bin front of\b", "before"),
    (r"\banew\b", "again"),
    (r"\blast checkpoint\b", "final checkpoint or latest checkpoint"),
    (r"\bwhoever\b", "who, users, callers"),
    (r"\bcomplain", "report"),
    (r"\bslips? of the hand\b", "mistake"),
    (r"\bgives? out\b|\bgiven out\b", "emit"),
    (r"\btroubles?\b", "failure, error"),
    (r"\bdoors?\b|\bhouse\b", "interface, project"),
    (r"(?<!there )\bis no (?!longer|more)", "is not"),
    (r"\btold\b", "reported, asked"),
    (r"\bgoes wrong\b|\bgo wrong\b", "fails"),
]
# Where such a word is the right one: (file, pattern of the line).
TURNS_ALLOWED = [
    ("docs/vocabulary.md", r""),
    ("tests/tidy/tidy.py", r""),
    ("tests/tidy/tidy_test.py", r"The rows behind it"),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def module_of(path):
    """The module of a path relative to src/: 'connectors/mysql', 'connectors' or the first folder."""
    parts = Path(path).parts
    if parts[0] in ("connectors", "minidoris") and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0]


def rule_of(module):
    of_its_kind = "connectors/*" if module.startswith("connectors/") else module
    return MAY_INCLUDE.get(module, MAY_INCLUDE.get(of_its_kind))


def sources(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in (".cc", ".h"))


def check_arrows(findings):
    for path in sources(SRC):
        here = path.relative_to(SRC)
        module = module_of(here)
        allowed = rule_of(module)
        if allowed is None:
            findings.append(f"{path.relative_to(ROOT)}: the module '{module}' is not in the table")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if found:
                check_include(f"{path.relative_to(ROOT)}:{number}", here, allowed,
                              found.group(1) or found.group(2), findings)


def check_include(place, here, allowed, included, findings):
    module = module_of(here)
    if (SRC / included).exists():
        target = module_of(included)
        if target == module or target in allowed:
            return
        if module == "cli" and target.startswith("connectors/"):
            findings.append(f"{place}: only the generated list names connectors: {included}")
            return
        findings.append(f"{place}: {module} must not include {target}: {included}")
        return
    for pattern, folders in LIBRARY_ONLY_IN.items():
        if re.fullmatch(pattern, included) and not any(here.is_relative_to(one) for one in folders):
            findings.append(f"{place}: only {', '.join(folders)} may include <{included}>")


def check_sizes(findings):
    for path in sources(SRC):
        lines = path.read_text().splitlines()
        name = path.relative_to(ROOT)
        if len(lines) > FILE_LINES_MAX:
            findings.append(f"{name}: {len(lines)} lines, at most {FILE_LINES_MAX}: a second "
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
                    findings.append(f"{name}:{start}: a function of {number - start} lines, at "
                                      f"most {FUNCTION_LINES_MAX}")
                start = None


def check_class_sizes(findings):
    """Also of classes within functions and unnamed namespaces. The formatter puts the end of a class
    below its first word."""
    for path in sources(SRC):
        begun = {}  # indentation -> (line, name)
        for number, line in enumerate(path.read_text().splitlines(), 1):
            head = re.match(r"^( *)(?:class|struct) (\w+)[^;]*\{$", line)
            end = re.match(r"^( *)\};$", line)
            if head:
                begun[len(head.group(1))] = (number, head.group(2))
            elif end and len(end.group(1)) in begun:
                start, name = begun.pop(len(end.group(1)))
                if number - start > CLASS_LINES_MAX:
                    findings.append(f"{path.relative_to(ROOT)}:{start}: class {name} has "
                                      f"{number - start} lines, at most {CLASS_LINES_MAX}")


def check_turns(findings):
    """Over all that is written for readers: sources, tests, pages, scripts."""
    files = [path for folder in ("src", "tests", "docs", "scripts", "cmake", "sql-examples", "grammar")
             for path in sorted((ROOT / folder).rglob("*"))
             if path.suffix in (".cc", ".h", ".py", ".md", ".sh", ".cmake", ".txt", ".sql", ".g4")]
    for path in files + sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("CMake*")):
        name = str(path.relative_to(ROOT))
        allowed = [pattern for file, pattern in TURNS_ALLOWED if file == name]
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            for pattern, better in TURNS:
                if (re.search(pattern, line, re.I)
                        and not any(re.search(allow, line) for allow in allowed)):
                    findings.append(f"{name}:{number}: say {better}: {line.strip()}")


def check_words(findings):
    for folder in (SRC, ROOT / "tests"):
        for path in sources(folder):
            name = str(path.relative_to(ROOT))
            for number, line in enumerate(path.read_text().splitlines(), 1):
                for pattern, why, except_in in BANNED:
                    if folder == SRC and name not in except_in and re.search(pattern, line):
                        findings.append(f"{name}:{number}: {why}: {line.strip()}")
                    elif folder != SRC and pattern.startswith(r"\bTODO") and re.search(pattern, line):
                        findings.append(f"{name}:{number}: {why}: {line.strip()}")


def check_options(findings):
    """Every connector has a page, and every option of its table that has an effect is on it."""
    for folder in sorted((SRC / "connectors").iterdir()):
        if not folder.is_dir() or folder.name == "cdc":
            continue
        page = ROOT / "docs" / f"{folder.name}.md"
        if not page.exists():
            findings.append(f"docs/{page.name}: the page of this connector is missing")
            continue
        text = page.read_text()
        for path in sources(folder):
            for line in path.read_text().splitlines():
                key = re.search(r'(?:\.key = |WorksAs\(|AcceptsOnly\()"([^"]+?)\*?"', line)
                if key and ".ignored = true" not in line and key.group(1) not in text:
                    findings.append(f"docs/{page.name}: the option '{key.group(1)}' is missing")


def main():
    findings = []
    if not sources(SRC):
        sys.exit("tidy: no sources found")
    for check in (check_arrows, check_sizes, check_class_sizes, check_words, check_turns,
                  check_options):
        check(findings)
    for finding in findings:
        print(finding)
    if findings:
        sys.exit(f"tidy: {len(findings)} findings")


if __name__ == "__main__":
    main()
