#!/usr/bin/env python3
"""Every source looks as the pinned clang-format prints it. Versions differ, so only this one counts."""

import re
import shutil
import subprocess
import sys

import tidy

PINNED = "clang-format-14"


def main():
    if not shutil.which(PINNED):
        print(f"SKIPPED: {PINNED} is not installed (scripts/install-dependencies.sh brings it)")
        sys.exit(77)
    files = tidy.sources(tidy.SRC) + tidy.sources(tidy.ROOT / "tests")
    result = subprocess.run([PINNED, "--dry-run", *map(str, files)], cwd=tidy.ROOT,
                            stderr=subprocess.PIPE, text=True, check=True)
    places = sorted(set(re.findall(r"^(\S+?):\d+:\d+: warning", result.stderr, re.M)))
    if places:
        sys.exit(f"{PINNED} would change:\n  " + "\n  ".join(places) + f"\nRun: {PINNED} -i FILE...")


if __name__ == "__main__":
    main()
