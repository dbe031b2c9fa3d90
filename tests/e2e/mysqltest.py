"""The statements of MySQL's and MariaDB's own tests, which are written in the language of mysqltest:
statements with a delimiter, between commands and comments on lines of their own.
"""

import re

# What ends with a line of its own: EOF, or the word that is named.
BLOCK = re.compile(r"^\s*(?:--)?(?:perl|write_file|append_file)\b(?P<words>[^;]*);?\s*$")
DELIMITER = re.compile(r"^\s*(?:--\s*)?delimiter\s+(?P<text>\S+)", re.IGNORECASE)
# What stands before the statements of a block.
CONTROL = re.compile(r"^\s*(?:(?:if|while)\s*\([^\n]*\)\s*)?\{|^\s*\}")


def statements(text):
    """Without those that hold variables of mysqltest."""
    delimiter, lines = ";", []
    block_end = None
    for line in text.split("\n"):
        if block_end is not None:
            if line.strip() == block_end:
                block_end = None
            continue
        if not "".join(lines).strip():
            lines = []
            changed = DELIMITER.match(line)
            if changed:
                delimiter = changed.group("text")
                if len(delimiter) > len(";"):
                    delimiter = delimiter.removesuffix(";")
                continue
            block = BLOCK.match(line)
            if block:
                words = block.group("words").split()
                block_end = words[-1] if words and words[-1].isupper() else "EOF"
                continue
            if line.lstrip().startswith(("--", "#")):
                continue
        lines.append(line)
        while delimiter in lines[-1]:
            before, after = lines[-1].split(delimiter, 1)
            statement = "\n".join([*lines[:-1], before])
            lines = [after]
            yield from _plain(statement)


def _plain(statement):
    while CONTROL.match(statement):
        statement = CONTROL.sub("", statement, count=1)
    statement = statement.strip()
    if statement and not re.search(r"\$\w", statement):
        yield statement
