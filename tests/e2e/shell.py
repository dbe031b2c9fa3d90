# ctest: shell, 180 s, fast
"""The SQL shell at a pseudo-terminal, in a dumb terminal, and reading from a pipe. No server."""

import os
import re
import signal
import stat

from servers import BINARY_DIR, Millrace, expect, main, playground, say, wait_until
from terminal import (BACKSPACE, CTRL_A, CTRL_C, CTRL_D, CTRL_R, CTRL_W, CTRL_Z, DELETE, ENTER, HOME,
                      LEFT, TAB, UP, Terminal)

PROMPT = r"Millrace SQL> $"
CONTINUATION = r"\n> $"
TABLES = ("CREATE TABLE endless (id INT, name STRING) WITH ('connector' = 'datagen', "
          "'rows-per-second' = '50'); CREATE TABLE nowhere (id INT) WITH ('connector' = 'blackhole');")

LETTERS = ("CREATE TABLE letters (v STRING) WITH ('connector' = 'values', 'rows' = '[[\"x\"], [\"y\"]]');"
           "CREATE TABLE shown (v STRING) WITH ('connector' = 'print');"
           "CREATE TABLE orders (id INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'mysql-cdc', "
           "'hostname' = 'localhost', 'username' = 'u', 'password' = 'geheim', 'database-name' = 'd', "
           "'table-name' = 't');")


class Shell:
    def __init__(self, folder, processes):
        self.folder = folder
        self.processes = processes
        self.state = folder / "state"
        self.history = self.state / "millrace" / "history"

    def open(self, *arguments, term="xterm-256color", tables=False):
        environment = {**os.environ, "XDG_STATE_HOME": str(self.state), "TERM": term,
                       "HOME": str(self.folder), "LC_ALL": "C"}
        command = [str(BINARY_DIR / "millrace"), *arguments]
        terminal = Terminal(command, environment)
        self.processes.append(terminal)
        terminal.see(PROMPT)
        if tables:
            terminal.line(TABLES).see(r"succeeded\.[\s\S]*succeeded\.[\s\S]*" + PROMPT)
        return terminal

    def leave(self, terminal, status=0):
        terminal.line("QUIT;")
        got = terminal.end()
        expect(got == status, f"the shell ends with {got}, not {status}\n{terminal.log_tail()}")

    def editing(self):
        terminal = self.open()
        terminal.type("SELECT 13;" + LEFT + LEFT + "2" + ENTER).see(r"\| +123 \|")
        terminal.see(PROMPT)
        terminal.type("99;" + HOME + "SELECT 1" + ENTER).see(r"\| +199 \|")
        terminal.see(PROMPT)
        terminal.type("SELECT 4567;" + BACKSPACE + BACKSPACE + ";" + CTRL_A + "x" + LEFT + DELETE +
                      ENTER).see(r"\| +456 \|")
        terminal.see(PROMPT)
        terminal.type("SELECT 8 nonsense" + CTRL_W + ";" + ENTER).see(r"\| +8 \|")
        terminal.see(PROMPT)
        terminal.type("SELECT '数量é" + BACKSPACE + "量👍' AS `数`;" + ENTER)
        terminal.see(r"\+-{10}\+\n\| +数 \|\n\+-{10}\+\n\| 数量量👍 \|\n")
        terminal.see(PROMPT)
        self.leave(terminal)
        say("lines are edited")

    def statements(self):
        terminal = self.open()
        terminal.line("SELECT").see(CONTINUATION)
        terminal.line("  1 AS a; SELECT 2 AS b; SELECT").see(r"\| 1 \|[\s\S]*\| 2 \|[\s\S]*" +
                                                           CONTINUATION)
        terminal.line("'a;").see(CONTINUATION)
        terminal.line("b' AS c;").see(r"\| a; b \|")
        terminal.see(PROMPT)
        # A paste: many lines at once, with tabs that complete nothing.
        terminal.type("SELECT\r\t1\tAS\tx,\r\t'y;z' AS\ty;\rSELECT 5 AS five;\r")
        terminal.see(r"\| 1 \| y;z \|[\s\S]*\| +5 \|")
        terminal.see(PROMPT)
        terminal.line("SELECT nope;").see(r"<shell>:1:8: error: [\s\S]*" + PROMPT)
        terminal.line("help").see(r"STOP JOB[\s\S]*" + PROMPT)
        script = self.folder / "part.sql"
        script.write_text("SELECT 41 AS a;\nSELECT oops;\nSELECT 43 AS c;\n", encoding="utf-8")
        terminal.line(f"SOURCE '{script}'").see(r"\| 41 \|[\s\S]*part\.sql:2:8: error: ")
        terminal.see(PROMPT)
        terminal.line("SELECT 1 AS a; QUIT; SELECT 2 AS b;").see(r"\| 1 \|")
        expect(terminal.end() == 0, "QUIT in a line with others")
        expect("| 2 |" not in terminal.new_text(), "a statement after QUIT ran")
        say("statements end where they end")

    def history_over_runs(self):
        terminal = self.open()
        terminal.line("SELECT").see(CONTINUATION)
        terminal.line("77 AS a;").see(r"\| 77 \|")
        terminal.see(PROMPT)
        terminal.line("CREATE TABLE s (a INT) WITH ('connector' = 'datagen', 'password' = 'geheim');")
        terminal.see(PROMPT)
        self.leave(terminal)
        kept = self.history.read_text(encoding="utf-8")
        expect("geheim" not in kept and "'password' = '***'" in kept, f"a secret is kept: {kept}")
        expect("SELECT\\n77 AS a;\n" in kept, f"a statement is not one entry: {kept!r}")
        expect(stat.S_IMODE(self.history.stat().st_mode) == 0o600, "others may read the history")
        terminal = self.open()
        terminal.type(UP).see("QUIT")
        terminal.type(UP).see(re.escape("'***'"))
        terminal.type(UP).see("77 AS a")
        terminal.type(ENTER).see(r"\| 77 \|")
        terminal.see(PROMPT)
        terminal.type(CTRL_R + "77").see("77")
        terminal.type(ENTER).see(r"\| 77 \|")
        terminal.see(PROMPT)
        self.leave(terminal)
        say("the history outlives the shell")

    def completion(self):
        terminal = self.open(tables=True)
        terminal.type("sel" + TAB).see("select ")
        terminal.type("nam" + TAB).see("name")
        terminal.type(" FROM end" + TAB).see("endless ")
        terminal.type("LIM" + TAB).see("LIMIT ")
        terminal.line("1;").see(r"Received a total of 1 row[\s\S]*" + PROMPT)
        terminal.type("SHOW " + TAB).see(r"CREATE TABLE +JOBS +TABLES")
        terminal.type("tab" + TAB).see("tables ")
        terminal.line(";").see(r"endless[\s\S]*nowhere[\s\S]*" + PROMPT)
        terminal.type("CREATE TABLE t (a INT) WITH ('connec" + TAB).see(r"'connector' = '")
        terminal.type("data" + TAB).see("datagen'")
        terminal.type(", 'rows" + TAB).see("rows-per-second' = '")
        terminal.line("1');").see(r"succeeded[\s\S]*" + PROMPT)
        terminal.type("set 'millrace.result-l" + TAB).see("layout' = '")
        terminal.type("j" + TAB).see("json'")
        terminal.line(";").see(r"succeeded[\s\S]*" + PROMPT)
        terminal.line("SELECT 1 AS a;").see(r'\{"a":1\}')
        terminal.see(PROMPT)
        self.leave(terminal)
        say("TAB completes")

    def interrupts(self):
        terminal = self.open(tables=True)
        terminal.type("SELECT nonsense").see("nonsense")
        terminal.type(CTRL_C).see(PROMPT)
        terminal.line("SELECT").see(CONTINUATION)
        terminal.type("'open").see("open")
        terminal.type(CTRL_C).see(PROMPT)
        terminal.line("SELECT 5 AS five;").see(r"\| +5 \|")
        terminal.see(PROMPT)
        terminal.line("SELECT * FROM endless;")
        terminal.see(r"\| op \| +id \| +name \|")
        terminal.see(r"\| \+I \| +-?\d+ \| [0-9a-f]{27}\.\.\. \|")
        terminal.type(CTRL_C).see(r"Received a total of \d+ rows? \(\d+\.\d\d seconds\)\n"
                                  r"\[INFO\] Result retrieval cancelled\.")
        terminal.see(PROMPT)
        terminal.line("SET 'sql-client.execution.result-mode' = 'table';").see(PROMPT)
        terminal.line("SELECT id FROM endless;")
        terminal.see(r"[1-9]\d* rows after \d+ changes; Ctrl-C leaves")
        terminal.type(CTRL_C).see(r"\[INFO\] Result retrieval cancelled\.")
        terminal.see(PROMPT)
        self.leave(terminal)
        say("Ctrl-C clears the line and ends a SELECT")

    def jobs(self):
        terminal = self.open(tables=True)
        terminal.line("SET 'pipeline.name' = 'follow';").see(PROMPT)
        terminal.line("INSERT INTO nowhere SELECT id FROM endless;")
        identity = terminal.see(
            r"\[INFO\] Job follow was started\.\n"
            r"Job ID: ([0-9a-f]{32})\n\n").group(1)
        terminal.see(PROMPT)
        terminal.line("INSERT INTO nowhere SELECT id FROM endless;").see("job \"follow\" is already running")
        terminal.see(PROMPT)

        def rows():
            terminal.line("SHOW JOBS;")
            found = terminal.see(running + r" \| +follow \| +RUNNING \| \d{4}-\d\d-\d\d \S+ \| +"
                                            r"(?:row (\d+)|opening|) \| +\d* \|")
            terminal.see(PROMPT)
            return int(found.group(1) or 0)

        running = identity
        wait_until("the job to make rows", lambda: rows() > 3)
        terminal.line(f"DESCRIBE JOB '{identity}';").see(r"status \| +RUNNING[\s\S]*restarts \| +0 \|")
        terminal.see(PROMPT)
        self.staying(terminal)
        terminal.type("STOP JOB '" + TAB).see(identity)
        terminal.line(" WITH SAVEPOINT;")
        path = terminal.see(r"savepoint path \|[\s\S]*?\| (/\S+) \|").group(1)
        expect(os.path.exists(path), f"no savepoint {path}")
        terminal.see(PROMPT)
        terminal.line("SHOW JOBS;").see(identity + r" \| +follow \| +FINISHED \|")
        terminal.see(PROMPT)
        terminal.line(f"STOP JOB '{identity}';").see(r"is not running \(FINISHED\)")
        terminal.see(PROMPT)
        terminal.line("INSERT INTO nowhere SELECT id FROM endless;")
        running = terminal.see(r"Job ID: ([0-9a-f]{32})").group(1)
        terminal.see(PROMPT)
        at_start = wait_until("the job to go on from its savepoint", rows)
        wait_until("the job to make more rows", lambda: rows() > at_start)
        terminal.line("quit").see(r"\[y/N\] ")
        terminal.line("y").see(r"stopping after a final checkpoint; press Ctrl-C again to stop at once")
        expect(terminal.end() == 0, "leaving with a job: status is not 0")
        numbers = [number for number, _ in Millrace(self.folder / "x", self.state).checkpoints("follow")]
        expect(len(numbers) > 1, f"no final checkpoint was made: {numbers}")
        say("jobs are shown, stopped, and asked about")

    def staying(self, terminal):
        """Anything but yes keeps the shell open."""
        for leave in ("QUIT;" + ENTER, "exit" + ENTER, CTRL_D):
            for answer in (ENTER, "n" + ENTER, "what" + ENTER, CTRL_C, CTRL_D):
                terminal.type(leave).see(r"A job is still running: follow\nStop after a final checkpoint "
                                       r"and leave\? \[y/N\] $")
                terminal.type(answer).see(PROMPT)

    def ends(self):
        terminal = self.open()
        terminal.type(CTRL_D)
        expect(terminal.end() == 0, "Ctrl-D: status is not 0")
        terminal = self.open(tables=True)
        terminal.line("INSERT INTO nowhere SELECT id FROM endless;").see("Job ID")
        terminal.see(PROMPT)
        terminal.signal(signal.SIGTERM)
        expect(terminal.end() == 0, f"SIGTERM: status is not 0\n{terminal.log_tail()}")
        terminal = self.open()
        terminal.type("SELECT 61").see("61")
        terminal.type(CTRL_Z)
        wait_until("the shell to pause", lambda: os.waitpid(terminal.pid, os.WUNTRACED | os.WNOHANG)[0])
        terminal.signal(signal.SIGCONT)
        terminal.see("SELECT 61$")
        terminal.line("2;").see(r"\| +612 \|")
        terminal.see(PROMPT)
        self.leave(terminal)
        say("Ctrl-D, SIGTERM and Ctrl-Z")

    def without_escapes(self):
        terminal = self.open(term="dumb", tables=True)
        terminal.line("SELECT '数量' AS a,").see(CONTINUATION)
        terminal.line("1 AS b; SELECT nope;").see(r"\| 数量 \| 1 \|[\s\S]*error: [\s\S]*" + PROMPT)
        terminal.type("SELECT" + CTRL_C).see(PROMPT)
        terminal.line("SET 'sql-client.execution.result-mode' = 'table';").see(PROMPT)
        terminal.line("SELECT id FROM endless;").see(r"\| \+I \| +-?\d+ \|")
        terminal.type(CTRL_C).see(r"cancelled\.")
        terminal.see(PROMPT)
        terminal.line("CLEAR").see(PROMPT)
        terminal.type(CTRL_D)
        expect(terminal.end() == 0, "Ctrl-D in a dumb terminal: status is not 0")
        expect("\x1b" not in terminal.raw, f"escapes in a dumb terminal: {terminal.raw!r}")
        say("a dumb terminal sees no escapes")

    def pipe(self):
        millrace = Millrace(self.folder / "pipe", self.state)
        status, out, err = millrace.once(text="\ufeffSELECT 1 AS a; SELECT\r\n2 AS b")
        expect(status == 0 and "| 1 |" in out and "| 2 |" in out, f"pipe: {status}\n{out}{err}")
        expect("SQL>" not in out + err, f"a prompt in a pipe\n{out}{err}")
        status, out, err = millrace.once(text="SELECT 1 AS a;\nSELECT nope;\nSELECT 3 AS c;\n")
        expect(status == 1 and "<stdin>:2:8: error: " in err and "| 3 |" not in out,
               f"an error in a pipe: {status}\n{out}{err}")
        status, out, err = millrace.once("-D", "millrace.result-layout=csv", "-c", "SELECT 1 AS a",
                                         "-c", "SELECT 2 AS b")
        expect((status, out) == (0, "a\n1\nb\n2\n"), f"-c twice: {status}\n{out}{err}")
        say("a pipe is a script")

    def plans(self):
        millrace = Millrace(self.folder / "plans", self.state)
        file = self.folder / "plan.json"
        insert = "INSERT INTO shown SELECT UPPER(v) FROM letters;"
        compiled = f"COMPILE PLAN '{file}' FOR {insert}"

        def run(statements, wanted_status=0):
            status, out, err = millrace.once(text=LETTERS + statements)
            expect(status == wanted_status, f"{statements}: {status}\n{out}{err}")
            return out, err

        out, _ = run(compiled)
        expect(out == "", f"COMPILE PLAN printed {out!r}")
        expect(stat.S_IMODE(file.stat().st_mode) == 0o600, "others may read a compiled plan")
        kept = file.read_text(encoding="utf-8")
        _, err = run(compiled, wanted_status=1)
        expect("already exists" in err, f"a plan file that is there: {err}")
        run(compiled.replace(" FOR ", " IF NOT EXISTS FOR ").replace("UPPER", "LOWER"))
        expect(file.read_text(encoding="utf-8") == kept, "IF NOT EXISTS wrote another plan")
        status, out, err = millrace.once("-c", f"EXECUTE PLAN 'file://{file}'")
        expect((status, out) == (0, "+I[X]\n+I[Y]\n"), f"EXECUTE PLAN: {status}\n{out}{err}")
        other = self.folder / "other.json"
        both = (f"SET 'pipeline.name' = 'both'; COMPILE AND EXECUTE PLAN '{other}' FOR STATEMENT SET BEGIN "
                f"{insert} INSERT INTO shown SELECT v FROM letters; END;")
        out, _ = run(both)
        expect(sorted(out.split()) == ["+I[X]", "+I[Y]", "+I[x]", "+I[y]"], f"both: {out}")
        expect(other.exists(), "COMPILE AND EXECUTE PLAN left no file")
        for text in ("", "{", "[]", "{}", kept[:-20], kept.replace('"version": 2', '"version": 99'),
                     kept.replace('"upper"', '"nope"'), kept.replace('"out": 1', '"out": 900')):
            file.write_text(text, encoding="utf-8")
            status, out, err = millrace.once("-c", f"EXECUTE PLAN '{file}'")
            expect(status == 1 and out == "" and f'plan file "{file}" cannot be used: ' in err,
                   f"the plan {text!r}: {status}\n{out}{err}")
        file.unlink()
        out, err = run(f"EXECUTE PLAN '{file}';", wanted_status=1)
        expect("No such file" in err, f"no plan: {err}")
        out, err = run(compiled.replace("letters", "orders").replace("UPPER(v)", "CAST(id AS STRING)") +
                       " EXPLAIN INSERT INTO shown SELECT CAST(id AS STRING) FROM orders;"
                       " SHOW CREATE TABLE orders;")
        expect("geheim" in file.read_text(encoding="utf-8"), "a compiled plan cannot log in")
        expect("geheim" not in out + err and "mysql-cdc" in out, f"a secret is shown\n{out}{err}")
        say("plans are compiled and executed")

    def statement_sets(self):
        terminal = self.open(tables=True)
        terminal.line("SET 'pipeline.name' = 'together';").see(PROMPT)
        terminal.line("BEGIN STATEMENT SET;").see(r"\[INFO\] Begin a statement set\.[\s\S]*" + PROMPT)
        terminal.line("INSERT INTO nowhere SELECT id FROM endless LIMIT 3;")
        terminal.see(r"\[INFO\] Add SQL update statement to the statement set\.[\s\S]*" + PROMPT)
        terminal.line("SELECT 1;").see(r"Only INSERT statement is allowed in Statement Set[\s\S]*" + PROMPT)
        terminal.line("END;").see(r"Job ID: [0-9a-f]{32}[\s\S]*" + PROMPT)
        terminal.line("END;").see(r"No Statement Set to submit[\s\S]*" + PROMPT)
        wait_until("the job of the set to end", lambda: self.ended(terminal))
        self.leave(terminal)
        say("statement sets are submitted")

    def background_messages(self):
        """A job that retries writes to the terminal; the prompt and what is typed come back below."""
        terminal = self.open()
        terminal.line(LETTERS.replace("'hostname' = 'localhost'", "'hostname' = '127.0.0.1', 'port' = '1'"))
        terminal.see(r"(succeeded\.[\s\S]*){3}" + PROMPT)
        terminal.line("CREATE TABLE nowhere (id INT) WITH ('connector' = 'blackhole');").see(PROMPT)
        terminal.line("SET 'pipeline.name' = 'retrying';").see(PROMPT)
        terminal.line("INSERT INTO nowhere SELECT id FROM orders;").see(r"Job ID: [0-9a-f]{32}[\s\S]*" + PROMPT)
        terminal.type("SELECT 61").see("61")
        for _ in range(2):
            terminal.see(r"WARN +job [^\n]*\n[\s\S]*Millrace SQL> SELECT 61$")
        terminal.line("2;").see(r"\| +612 \|")
        terminal.line("QUIT;").see(r"\[y/N\] ")
        terminal.line("y")
        expect(terminal.end() == 0, "leaving with a job that retries: status is not 0")
        say("the prompt comes back after background messages")

    def ended(self, terminal):
        terminal.line("SHOW JOBS;")
        status = terminal.see(r"together \| +(\w+) \|").group(1)
        terminal.see(PROMPT)
        expect(status in ("RUNNING", "FINISHED"), f"the job of the set is {status}")
        return status == "FINISHED"


def test():
    with playground("shell") as (folder, processes):
        shell = Shell(folder, processes)
        shell.editing()
        shell.statements()
        shell.history_over_runs()
        shell.completion()
        shell.interrupts()
        shell.jobs()
        shell.ends()
        shell.without_escapes()
        shell.pipe()
        shell.plans()
        shell.statement_sets()
        shell.background_messages()


if __name__ == "__main__":
    main(test)
