# ctest: structures, 60 s, slow
"""Arrays, maps and rows written to Doris ARRAY, MAP, STRUCT, JSON and text columns are what a SELECT
there shows, in both formats of a load; columns that cannot hold them are refused before the first row.
"""

from servers import Millrace, Minidoris, expect, main, playground, say

JOB_FAILED = 3

DORIS_COLUMNS = """k int NOT NULL, a array<int>, n array<array<string>>, m map<string,int>,
mm map<int,map<string,array<date>>>, s struct<i:int,t:string,f:array<double>>, d array<decimal(10,2)>,
ts struct<at:datetime(3)>, b array<boolean>, ja json, jm json, jr json, st string"""

FLINK_COLUMNS = """k INT, a ARRAY<INT>, n ARRAY<ARRAY<STRING>>, m MAP<STRING, INT>,
mm MAP<INT, MAP<STRING, ARRAY<DATE>>>, s ROW<i INT, t STRING, f ARRAY<DOUBLE>>, d ARRAY<DECIMAL(10, 2)>,
ts ROW<`at` TIMESTAMP(3)>, b ARRAY<BOOLEAN>, ja ARRAY<STRING>, jm MAP<INT, STRING>,
jr ROW<X INT, y ROW<z ARRAY<TIMESTAMP(0)>>>, st ARRAY<STRING>"""

# What is written in SQL, and what Doris shows.
ROWS = [
    ("1, ARRAY[1, -2, NULL], ARRAY[ARRAY['x', 'y,z'], ARRAY['[1]', '{a:1}']], MAP['p', 1, 'q:r', 2], "
     "MAP[1, MAP['x', ARRAY[DATE '2024-02-09']]], ROW(1, 'it''s', ARRAY[1.5E0, 1E10]), ARRAY[1.5, 2.25], "
     "ROW(TIMESTAMP '2024-02-09 10:11:12.123'), ARRAY[TRUE, FALSE], ARRAY['a\"b', 'c\\d'], "
     "MAP[1, 'one'], ROW(7, ROW(ARRAY[TIMESTAMP '2024-02-09 10:11:12'])), ARRAY['u', NULL]",
     (1, "[1, -2, null]", '[["x", "y,z"], ["[1]", "{a:1}"]]', '{"p":1, "q:r":2}',
      '{1:{"x":["2024-02-09"]}}', '{"i":1, "t":"it\'s", "f":[1.5, 10000000000]}', "[1.50, 2.25]",
      '{"at":"2024-02-09 10:11:12.123"}', "[1, 0]", '["a\\"b","c\\\\d"]', '{"1":"one"}',
      '{"X":7,"y":{"z":["2024-02-09 10:11:12"]}}', '["u",null]')),
    ("2, CAST(NULL AS ARRAY<INT>), CAST(NULL AS ARRAY<ARRAY<STRING>>), CAST(NULL AS MAP<STRING, INT>), "
     "CAST(NULL AS MAP<INT, MAP<STRING, ARRAY<DATE>>>), CAST(NULL AS ROW<i INT, t STRING, f ARRAY<DOUBLE>>), "
     "CAST(NULL AS ARRAY<DECIMAL(10, 2)>), CAST(NULL AS ROW<`at` TIMESTAMP(3)>), CAST(NULL AS ARRAY<BOOLEAN>), "
     "CAST(NULL AS ARRAY<STRING>), CAST(NULL AS MAP<INT, STRING>), "
     "CAST(NULL AS ROW<X INT, y ROW<z ARRAY<TIMESTAMP(0)>>>), CAST(NULL AS ARRAY<STRING>)",
     (2,) + (None,) * 12),
    ("3, ARRAY[CAST(NULL AS INT)], ARRAY[CAST(NULL AS ARRAY<STRING>), ARRAY['null', '', ' ', '😀\u00e9']], "
     "MAP['k', CAST(NULL AS INT)], MAP[2, CAST(NULL AS MAP<STRING, ARRAY<DATE>>)], "
     "ROW(CAST(NULL AS INT), 'q\"\\', CAST(NULL AS ARRAY<DOUBLE>)), ARRAY[CAST(NULL AS DECIMAL(10, 2))], "
     "ROW(CAST(NULL AS TIMESTAMP(3))), ARRAY[CAST(NULL AS BOOLEAN)], ARRAY['line\nfeed', 'tab\t'], "
     "MAP[3, CAST(NULL AS STRING)], ROW(CAST(NULL AS INT), CAST(NULL AS ROW<z ARRAY<TIMESTAMP(0)>>)), "
     "ARRAY['']",
     (3, "[null]", '[null, ["null", "", " ", "😀\u00e9"]]', '{"k":null}', "{2:null}",
      '{"i":null, "t":"q"\\", "f":null}', "[null]", '{"at":null}', "[null]",
      '["line\\nfeed","tab\\t"]', '{"3":null}', '{"X":null,"y":null}', '[""]')),
]

SCRIPT = """
SET 'pipeline.name' = '{job}';
SET 'execution.checkpointing.interval' = '300 ms';
CREATE TABLE d ({columns}) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http}', 'query-port' = '{query}',
  'table.identifier' = 'd.{table}', 'username' = 'root', 'password' = '', 'sink.label-prefix' = '{job}',
  'sink.enable-2pc' = 'true', 'sink.properties.strict_mode' = 'true', 'sink.properties.format' = '{format}'{more});
INSERT INTO d VALUES {rows};
"""

CSV = r", 'sink.properties.column_separator' = '\x01', 'sink.properties.line_delimiter' = '\x02'"

# Type in Doris, type and value in Flink, and what the message must have.
REFUSED = [
    ("array<string>", "MAP<STRING, INT>", "MAP['a', 1]", ["array<string>", "MAP<STRING, INT>"]),
    ("int", "ARRAY<INT>", "ARRAY[1]", ["make it ARRAY<INT> or JSON"]),
    ("struct<a:int,b:int>", "ROW<b INT, a INT>", "ROW(1, 2)", ["STRUCT<b: INT, a: INT>"]),
    ("struct<a:int>", "ROW<a INT, b INT>", "ROW(1, 2)", ["struct<a:int>"]),
    ("array<array<int>>", "ARRAY<INT>", "ARRAY[1]", ["array<array<int>>"]),
]


class Structures:
    def __init__(self, folder, processes):
        self.folder = folder
        self.doris = Minidoris(folder / "doris")
        processes.append(self.doris)
        self.doris.start()
        self.doris.run("CREATE DATABASE d")
        self.jobs = 0

    def table(self, name, columns):
        self.doris.run(f"CREATE TABLE d.{name} ({columns}) UNIQUE KEY(k) DISTRIBUTED BY HASH(k) BUCKETS 1 "
                       'PROPERTIES ("replication_num" = "1")')

    def run(self, table, columns, rows, form="json", more=""):
        self.jobs += 1
        job = f"structures_{self.jobs}"
        millrace = Millrace(self.folder / job, self.folder / "state")
        text = SCRIPT.format(job=job, columns=columns, http=self.doris.http_port, table=table, more=more,
                             query=self.doris.query_port, format=form, rows=rows)
        script = self.folder / f"{job}.sql"
        script.write_text(text, encoding="utf-8")
        return millrace.once("--color", "never", script)

    def go(self):
        rows = ",\n".join(f"({row})" for row, _ in ROWS)
        wanted = [shown for _, shown in ROWS]
        for form, more in (("json", ""), ("csv", CSV)):
            self.table(form, DORIS_COLUMNS)
            status, out, err = self.run(form, FLINK_COLUMNS, rows, form, more)
            expect(status == 0, f"{form}: status {status}\n{out}\n{err}")
            got = [tuple(row) for row in self.doris.run(f"SELECT * FROM d.{form} ORDER BY k")]
            wrong = [f"  {have!r}, expected {want!r}" for one, two in zip(got, wanted)
                     for have, want in zip(one, two) if have != want]
            expect(len(got) == len(wanted) and not wrong, "\n".join([f"{form}: {len(got)} rows", *wrong]))
            say(f"{form}: {len(wanted)} rows of {len(wanted[0])} columns are as they were written")
        for i, (doris, flink, value, words) in enumerate(REFUSED):
            self.table(f"r{i}", f"k int, v {doris}")
            status, out, err = self.run(f"r{i}", f"k INT, v {flink}", f"(1, {value})")
            expect(status == JOB_FAILED, f"{doris} from {flink}: status {status}\n{out}\n{err}")
            for word in words:
                expect(word in err + out, f"{doris} from {flink}: no {word!r} in\n{out}\n{err}")
        say(f"{len(REFUSED)} columns that cannot hold the values are refused")
        self.table("n", "k int, v json")
        status, out, err = self.run("n", "k INT, v MAP<INT, INT>", "(1, MAP[CAST(NULL AS INT), 1])")
        expect(status == JOB_FAILED and "a map has NULL as a key" in err, f"status {status}\n{out}\n{err}")
        script = SCRIPT.split("INSERT")[0].format(
            job="read", columns="k INT, a {type}", http=self.doris.http_port, table="json", more="",
            query=self.doris.query_port, format="json")
        for kind, words in (("STRING", "[1, -2, null]"), ("ARRAY<INT>", "is not read from Doris")):
            text = script.replace("{type}", kind) + "SELECT * FROM d;\n"
            status, out, err = Millrace(self.folder / "read", self.folder / "state").once(
                "--color", "never", text=text)
            expect(words in out + err, f"SELECT of {kind}: status {status}\n{out}\n{err}")
        say("a key of NULL is refused in JSON; columns are read as text, not as ARRAY")


def test():
    with playground("structures") as (folder, processes):
        Structures(folder, processes).go()


if __name__ == "__main__":
    main(test)
