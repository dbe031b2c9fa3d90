"""Installs the compiler library and uses nothing but what was installed: through CMake's package and
through pkg-config. The JSON of its plans is checked against docs/plan.schema.json."""

import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["MILLRACE_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["MILLRACE_BINARY_DIR"])
FLAGS = os.environ.get("CXXFLAGS", "").strip()
PROJECT = SOURCE / "tests/library/project"
SCRIPT = """
SET 'pipeline.name' = 'copy';
CREATE TABLE people (id INT NOT NULL, name STRING, born DATE, PRIMARY KEY (id) NOT ENFORCED)
WITH ('connector' = 'file', 'path' = '/in');
CREATE TABLE names (id BIGINT, name STRING) WITH ('connector' = 'file', 'path' = '/out');
CREATE VIEW grown_up AS SELECT id, UPPER(name) AS name FROM people WHERE born < DATE '2000-01-01';
EXECUTE STATEMENT SET BEGIN
INSERT INTO names SELECT id, name FROM grown_up;
INSERT INTO people SELECT 7, MD5('x'), DATE '1999-12-31';
END;
SELECT name FROM people LIMIT 3;
"""
WANTED = """job copy
  from default_catalog.default_database.people: id name born
  into default_catalog.default_database.names: 4 instructions
  from default_catalog.default_database.one_row:
  into default_catalog.default_database.people: 3 instructions
job 
  from default_catalog.default_database.people: name
  into : 0 instructions
Threads:\t1
"""
EXAMPLE = "sql-examples/employees_to_doris.sql"
NOT_LINKED = ("libcurl", "libmariadb", "libmysqlclient", "libsqlite3", "libmicrohttpd")


def run(*command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode != 0:
        sys.exit(f"{shlex.join(map(str, command))}\nfailed:\n{result.stdout}{result.stderr}")
    return result.stdout


def documents(text):
    decoder = json.JSONDecoder()
    while text.strip():
        document, end = decoder.raw_decode(text.lstrip())
        text = text.lstrip()[end:]
        yield document


def check_schema(text):
    import jsonschema

    schema = json.loads((SOURCE / "docs/plan.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    plans = list(documents(text))
    assert len(plans) == 2, f"{len(plans)} plans"
    for plan in plans:
        jsonschema.validate(plan, schema)
    plans[0]["flows"][0]["program"]["filter"] = "none"
    try:
        jsonschema.validate(plans[0], schema)
    except jsonschema.ValidationError:
        return
    sys.exit("the schema takes a plan that is none")


def check(program):
    got = run(program, input=SCRIPT)
    assert got == WANTED, f"got\n{got}\nwanted\n{WANTED}"
    check_schema(run(program, "json", input=SCRIPT))
    run(program, "many", input=SCRIPT)
    example = run(program, input=(SOURCE / EXAMPLE).read_text())
    assert "into default_catalog.default_database.cdc_doris_sink" in example, example
    refused = subprocess.run([program], input="SELECT * FROM nobody;", capture_output=True, text=True)
    assert refused.returncode == 1 and 'table "nobody" is not defined' in refused.stderr, refused
    libraries = run("ldd", program)
    for library in NOT_LINKED:
        assert library not in libraries, f"the compiler links {library}"


def check_headers(prefix):
    folder = prefix / "include/millrace"
    installed = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    listed = (SOURCE / "cmake/public_headers.txt").read_text().splitlines()[1:]
    assert installed == listed, f"installed {installed}\nlisted {listed}"


def example_of_the_docs():
    """The program in docs/library.md, with a script from standard input."""
    code = (SOURCE / "docs/library.md").read_text().split("```cpp\n")[1].split("```")[0].splitlines()
    includes = [line for line in code if line.startswith("#include")]
    body = [line for line in code if not line.startswith("#include")]
    return "\n".join(includes + [
        "#include <iterator>", "#include <string>", "int main() {",
        "const std::string text(std::istreambuf_iterator<char>(std::cin), {});",
        "const std::string_view script = text;"] + body + ["}", ""])


def check_example(program):
    for script, wanted in (((SOURCE / EXAMPLE).read_text(), ""),
                           ("SELECT * FROM nobody;", 'table "nobody" is not defined')):
        result = subprocess.run([program], input=script, capture_output=True, text=True)
        assert result.returncode == 0 and wanted in result.stderr, result
        assert wanted or not result.stderr, result


def main():
    with tempfile.TemporaryDirectory(prefix="millrace-library-") as folder:
        prefix, build = pathlib.Path(folder, "prefix"), pathlib.Path(folder, "build")
        run(os.environ["CMAKE"], "--install", BUILD, "--prefix", prefix)
        check_headers(prefix)
        run(os.environ["CMAKE"], "-S", PROJECT, "-B", build, "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_FLAGS={FLAGS}")
        run(os.environ["CMAKE"], "--build", build)
        check(build / "embedder")
        where = {**os.environ, "PKG_CONFIG_PATH": str(next(prefix.rglob("millrace.pc")).parent)}
        flags = run("pkg-config", "--cflags", "--libs", "millrace", env=where).split()
        program = pathlib.Path(folder, "by_pkg_config")
        run(os.environ["CXX"], *shlex.split(FLAGS), PROJECT / "embedder.cc", "-o", program, *flags)
        check(program)
        source, example = pathlib.Path(folder, "example.cc"), pathlib.Path(folder, "example")
        source.write_text(example_of_the_docs())
        run(os.environ["CXX"], *shlex.split(FLAGS), source, "-o", example, *flags)
        check_example(example)
        for name in ("millrace", "minidoris"):
            run(prefix / "bin" / name, "--version" if name == "millrace" else "--help")
    print("the installed library compiles scripts")


if __name__ == "__main__":
    main()
