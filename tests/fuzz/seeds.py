"""Writes the inputs of the golden files as one file each: the seeds of the fuzzers.

    seeds.py GOLDEN_FOLDER SEED_FOLDER
"""

import pathlib
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


def main():
    golden, seeds = (pathlib.Path(argument) for argument in sys.argv[1:3])
    seeds.mkdir(parents=True, exist_ok=True)
    count = 0
    for path in sorted(golden.rglob("*.test")):
        for text in inputs(path):
            for statement in [text] + text.split("; "):
                count += 1
                (seeds / f"{path.stem}_{count}").write_text(statement, encoding="utf-8")
    if count == 0:
        sys.exit(f"{golden}: no golden input found")


if __name__ == "__main__":
    main()
