#!/usr/bin/env python3
"""The tidy check must be able to fail: it is run over a small tree with one mistake of each kind."""

import tempfile
from pathlib import Path

import tidy

MISTAKES = {
    "src/base/a.h": '#include "row/b.h"\n',
    "src/row/b.h": '#include "base/a.h"\n#include "base/a.h"\n',
    "src/cellar/c.h": "int x;\n",
    "src/minidoris/d.cc": '#include "connectors/doris/e.h"\n// TODO: more\n',
    "src/connectors/doris/e.h": '#include "connectors/mysql/f.h"\n#include "connectors/interface.h"\n',
    "src/connectors/mysql/f.h": "#include <curl/curl.h>\n",
    "src/connectors/interface.h": "#include <vector>\n",
    "src/sql/g.cc": "int F() {\n" + "  int x;\n" * 80 + "}\n" + "\n" * 430,
    "src/expr/h.cc": "void F() { std::this_thread::sleep_for(x); }\n",
    "src/row/i.cc": "#include <nlohmann/json.hpp>\n",
    "src/connectors/mysql/options.cc": '{.key = "secret-option"}\n',
    "src/row/i.h": "class A {\n" + "  int x;\n" * 220 + "};\n",
    "docs/mysql.md": "The rows behind it\n",
}
EXPECTED = [
    "base must not include row", "the module 'cellar' is not in the table",
    "minidoris must not include connectors/doris", "TODO",
    "connectors/doris must not include connectors/mysql", "only net may include <curl/curl.h>",
    "a function of", "lines, at most 500", "wait for a condition", "through base/json.h",
    "'secret-option' is missing", "docs/doris.md: the page of this connector is missing",
    "class A has 221 lines", "docs/mysql.md:1: say after",
]


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, text in MISTAKES.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (Path(folder) / "tests").mkdir()
        tidy.ROOT, tidy.SRC = Path(folder), Path(folder) / "src"
        findings = []
        for check in (tidy.check_arrows, tidy.check_sizes, tidy.check_class_sizes, tidy.check_words,
                      tidy.check_turns, tidy.check_options):
            check(findings)
        for expected in EXPECTED:
            assert any(expected in line for line in findings), f"not found: {expected}"
        assert len(findings) == len(EXPECTED), "\n".join(findings)


if __name__ == "__main__":
    main()
