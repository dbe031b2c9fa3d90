"""cmake/public_headers.txt is what the public headers include, directly or not; no other header is
installed. Of other libraries they include fmt alone. REWRITE=1 writes the list."""

import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = ROOT / "cmake/public_headers.txt"
# What docs/library.md names; the rest follows.
PUBLIC = ("plan/compiler.h", "sql/splitter.h", "connectors/connector_records.h")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def closure():
    found, waiting, foreign = set(), list(PUBLIC), []
    while waiting:
        header = waiting.pop()
        if header in found:
            continue
        found.add(header)
        for kind, included in INCLUDE.findall((ROOT / "src" / header).read_text()):
            if kind == '"':
                waiting.append(included)
            elif ("/" in included or "." in included) and not included.startswith("fmt/"):
                foreign.append(f"src/{header} includes <{included}>")
    return sorted(found), foreign


def main():
    headers, foreign = closure()
    if foreign:
        sys.exit("public headers include no library but fmt:\n" + "\n".join(foreign))
    wanted = "# Installed by cmake/install.cmake.\n" + "".join(f"{header}\n" for header in headers)
    if os.environ.get("REWRITE"):
        LIST.write_text(wanted)
    if LIST.read_text() != wanted:
        sys.exit(f"{LIST.relative_to(ROOT)} is not what the public headers include; write it with "
                 f"REWRITE=1 {pathlib.Path(__file__).relative_to(ROOT)} and read the difference. Wanted:\n{wanted}")
    print(f"{len(headers)} public headers")


if __name__ == "__main__":
    main()
