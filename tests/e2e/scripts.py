# ctest: scripts, 60 s, fast
"""Scripts as a whole: checked before their first job starts, -D over SET, check and explain file by
file, secrets in what is printed. No server."""

import json

from servers import Millrace, expect, main, playground, say

JOB = """
SET 'pipeline.name' = 'numbers';
CREATE TABLE numbers (id INT) WITH ('connector' = 'datagen', 'rows-per-second' = '20');
CREATE TABLE shown (id INT) WITH ('connector' = 'print');
INSERT INTO shown SELECT id FROM numbers;
"""
SECRETS = ("CREATE TABLE t (id INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector'='mysql-cdc',"
           "'hostname'='h','username'='u','password'='geheim','database-name'='d','table-name'='t',"
           "{extra});")


class Scripts:
    def __init__(self, folder):
        self.folder = folder
        self.millrace = Millrace(folder / "millrace", folder / "state")

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def refused(self, what, *arguments, text=None, says):
        """Status 1, the message, and nothing was done."""
        status, out, err = self.millrace.once(*arguments, text=text)
        expect(status == 1 and out == "" and says in err, f"{what}: {status}\n{out}{err}")
        expect(not self.millrace.checkpoints("numbers") and "Job ID" not in err,
               f"{what}: a job was started\n{err}")

    def checked_first(self):
        bad = self.file("bad.sql", JOB + "SELEC 1;\n")
        good = self.file("good.sql", JOB)
        self.refused("a mistake in the last line", bad, says=f"{bad}:6:1: error: ")
        self.refused("the same through a pipe", text=JOB + "SELEC 1;", says="<stdin>:6:1: error: ")
        self.refused("the same with -c", "-c", JOB + "SELECT nope;", says="<command>:6:8: error: ")
        other = self.file("other.sql", "SELECT nope;")
        self.refused("a mistake in the second file", good, other, says=f"{other}:1:8: error: ")
        self.refused("a mistake in -c after a file", good, "-c", "SELECT nope", says="<command>:1:8: error: ")
        sourcing = self.file("sourcing.sql", f"{JOB}SOURCE '{other}';")
        self.refused("a mistake in a script that SOURCE names", sourcing, says=f"{other}:1:8: error: ")
        missing = self.file("missing.sql", f"{JOB}SOURCE '/nonexistent.sql';")
        self.refused("SOURCE of no file", missing, says="/nonexistent.sql")
        self.refused("no END", "-c", JOB + "BEGIN STATEMENT SET; INSERT INTO shown SELECT 1;",
                     says="END; is missing")
        self.refused("no plan file", "-c", JOB + "EXECUTE PLAN '/nonexistent.json';", says="/nonexistent.json")
        self.refused("no file is written", "-c", f"{JOB.split('INSERT')[0]} COMPILE PLAN "
                     f"'{self.folder}/plan.json' FOR INSERT INTO shown SELECT id FROM numbers; SELEC 1;",
                     says="error: ")
        expect(not (self.folder / "plan.json").exists(), "a plan file was written")
        self.refused("a variable that is not defined", "-D", "millrace.expand-variables=true", "-c",
                     JOB + "SELECT '${NOT_DEFINED_ANYWHERE}';", says="NOT_DEFINED_ANYWHERE")
        say("a script with a mistake starts no job")

    def right_scripts_run(self):
        """What only a run can know does not stop the check."""
        plan = self.folder / "later.json"
        status, out, err = self.millrace.once(text=(
            "CREATE TABLE few (v STRING) WITH ('connector' = 'values', 'rows' = '[[\"x\"]]');"
            "CREATE TABLE shown (v STRING) WITH ('connector' = 'print');"
            f"COMPILE PLAN '{plan}' FOR INSERT INTO shown SELECT v FROM few; EXECUTE PLAN '{plan}';"))
        expect((status, out) == (0, "+I[x]\n"), f"a plan that the script writes: {status}\n{out}{err}")
        status, out, err = self.millrace.once(text="SELECT 1 AS a; QUIT; SELEC 1;")
        expect(status == 0 and "| 1 |" in out, f"text after QUIT: {status}\n{out}{err}")
        status, out, err = self.millrace.once("-", text="SELECT 1 AS a")
        expect(status == 0 and "| 1 |" in out, f"-: {status}\n{out}{err}")
        tables = self.file("tables.sql", "CREATE TABLE few (v STRING) WITH ('connector' = 'values', "
                                         "'rows' = '[[\"x\"]]');")
        more = self.file("more.sql", "CREATE VIEW f AS SELECT v FROM few;")
        status, out, err = self.millrace.once("-i", tables, "-i", more, "-c", "SELECT v FROM f")
        expect(status == 0 and "| x |" in out, f"-i twice: {status}\n{out}{err}")
        say("scripts that are right run")

    def definitions(self):
        status, out, err = self.millrace.once(
            "-D", "pipeline.name=mine", "-D", "millrace.result-layout=csv",
            text="SET 'pipeline.name' = 'other'; SET 'pipeline.name' = 'other'; "
                 "RESET 'pipeline.name'; RESET; SET;")
        expect(status == 0 and "pipeline.name,mine" in out, f"-D: {status}\n{out}{err}")
        expect(err.count("pipeline.name") >= 1 and err.count("warning") == 1,
               f"SET of a key that -D has set is not reported once\n{err}")
        say("-D wins over SET and RESET")

    def file_by_file(self):
        one = self.file("one.sql", "CREATE TABLE t (v STRING) WITH ('connector' = 'print');"
                                   "INSERT INTO t SELECT v FROM few;")
        two = self.file("two.sql", "CREATE TABLE t (v STRING) WITH ('connector' = 'blackhole');"
                                   "INSERT INTO t SELECT UPPER(v) FROM few;")
        tables = self.folder / "tables.sql"
        for command in ("check", "explain"):
            status, out, err = self.millrace.once(command, "-i", tables, one, two)
            expect((status, err) == (0, ""), f"{command} of two files: {status}\n{out}{err}")
        expect(out.count("Job: ") == 2 and "UPPER" in out, f"explain of two files\n{out}")
        broken = self.file("broken.sql", "SELECT a;")
        status, out, err = self.millrace.once("check", "-i", broken, one, two)
        expect(status == 1 and err.count("broken.sql:1:8") == 1, f"an error in -i: {status}\n{err}")
        expect(err.count('"few" is not defined') == 2, f"each file is checked\n{err}")
        status, _, err = self.millrace.once(one, two)
        expect(status == 1, "a run has one session")
        say("check and explain treat every file as a session of its own")

    def secrets(self):
        for extra in ("'no-such-option'='x'", "'port'='x'", "'scan.incremental.close-idle-reader.enabled'='true'",
                      "'password' 'geheim'", "'a' = 'b"):
            file = self.file("secrets.sql", SECRETS.format(extra=extra))
            for arguments in (("check", file), ("check", "--format", "json", file), (file,),
                              ("explain", file), ("explain", "--format", "json", file)):
                status, out, err = self.millrace.once(*arguments)
                expect("geheim" not in out + err, f"{extra}: {arguments} shows a password\n{out}{err}")
                if "json" in arguments:
                    for line in err.splitlines():
                        json.loads(line)
                elif "***" not in err:
                    expect(False, f"{extra}: {arguments} shows no excerpt\n{status} {out}{err}")
        say("no secret is in an excerpt")


def scripts():
    with playground("scripts") as (folder, _):
        test = Scripts(folder)
        test.checked_first()
        test.right_scripts_run()
        test.definitions()
        test.file_by_file()
        test.secrets()


if __name__ == "__main__":
    main(scripts)
