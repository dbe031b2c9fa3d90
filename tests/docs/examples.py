"""Every example is accepted: the scripts of sql-examples, and what the documentation shows as ```sql.

The blocks of one page are one script, so that a later one may use what an earlier one defines."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["MILLRACE_SOURCE_DIR"])
PROGRAM = pathlib.Path(os.environ["MILLRACE_BINARY_DIR"]) / "millrace"
BLOCK = re.compile(r"^ *```sql\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def check(path, name):
    result = subprocess.run([PROGRAM, "check", path], capture_output=True, text=True)
    errors = result.stderr.replace(str(path), name)
    if result.returncode == 0:
        return True
    print(f"{name} is not accepted:\n{errors}")
    return False


def main():
    scripts = sorted((SOURCE / "sql-examples").glob("*.sql"))
    accepted = [check(path, path.name) for path in scripts]
    pages = 0
    with tempfile.TemporaryDirectory() as folder:
        for page in [SOURCE / "README.md", *sorted((SOURCE / "docs").rglob("*.md"))]:
            blocks = BLOCK.findall(page.read_text())
            if not blocks:
                continue
            pages += 1
            path = pathlib.Path(folder, page.stem + ".sql")
            path.write_text("\n".join(block.rstrip().rstrip(";") + ";\n" for block in blocks))
            accepted.append(check(path, page.name))
    if not scripts or not pages:
        sys.exit("no examples were found")
    if not all(accepted):
        sys.exit(1)
    print(f"{len(scripts)} scripts and the examples of {pages} pages are accepted")


if __name__ == "__main__":
    main()
