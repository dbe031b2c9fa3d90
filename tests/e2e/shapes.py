"""What the job of the kill test looks like: one INSERT, a statement set, or a UNION ALL.

A shape is a script and the Doris tables it fills. Each of those follows from the rows of the workload,
which are (emp_no, birth_date, name, salary, note, changed, database_name, table_name) as text.
"""

from dataclasses import dataclass
from typing import Callable

from workload import COLUMNS

PROPERTIES = 'PROPERTIES ("replication_allocation" = "tag.location.default: 1")'

EMPLOYEES = f"""CREATE TABLE demo.employees (
  emp_no int NOT NULL, birth_date date NOT NULL, name varchar(100), salary decimal(12,3),
  note string, changed datetime(3), database_name varchar(50), table_name varchar(200)
) UNIQUE KEY(emp_no, birth_date) DISTRIBUTED BY HASH(emp_no) BUCKETS 1 {PROPERTIES}"""

EVEN = f"""CREATE TABLE demo.even (
  emp_no int NOT NULL, birth_date date NOT NULL, tenfold bigint, label varchar(200)
) UNIQUE KEY(emp_no, birth_date) DISTRIBUTED BY HASH(emp_no) BUCKETS 1 {PROPERTIES}"""

SETTINGS = """
SET 'pipeline.name' = '{job}';
SET 'execution.checkpointing.interval' = '{interval} ms';
SET 'parallelism.default' = '{parallelism}';
SET 'restart-strategy.exponential-delay.initial-backoff' = '50 ms';
SET 'restart-strategy.exponential-delay.max-backoff' = '1 s';
"""

SOURCE = """
CREATE TABLE source (
  database_name STRING METADATA VIRTUAL, table_name STRING METADATA VIRTUAL,
  emp_no INT NOT NULL, birth_date DATE, name STRING, salary DECIMAL(12, 3), note STRING,
  changed TIMESTAMP(3), PRIMARY KEY (emp_no) NOT ENFORCED
) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql_port}',
  'username' = 'cdc', 'password' = 'cdc-secret', 'database-name' = 'emp_[0-9]+',
  'table-name' = 'employees_[0-9]+', 'scan.incremental.snapshot.chunk.size' = '{chunk}'
);
"""

SINK = """
CREATE TABLE sink (
  emp_no INT, birth_date DATE, name STRING, salary DECIMAL(12, 3), note STRING,
  changed TIMESTAMP(3), database_name STRING, table_name STRING
) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http_port}', {backends} 'table.identifier' = 'demo.employees',
  'username' = 'root', 'password' = '', 'sink.label-prefix' = 'kill', 'sink.enable-2pc' = 'true',
  'sink.enable-delete' = 'true'
);
"""

INSERT = "INSERT INTO sink SELECT {columns} FROM {source};\n"

SET = """
CREATE TABLE even (emp_no INT, birth_date DATE, tenfold BIGINT, label STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http_port}', {backends} 'table.identifier' = 'demo.even',
  'username' = 'root', 'password' = '', 'sink.label-prefix' = 'kill', 'sink.enable-2pc' = 'true'
);
EXECUTE STATEMENT SET BEGIN
  INSERT INTO sink SELECT {columns} FROM source;
  INSERT INTO even
  SELECT emp_no, birth_date, CAST(emp_no AS BIGINT) * 10, UPPER(CONCAT(name, '@', database_name))
  FROM source WHERE MOD(emp_no, 2) = 0;
END;
"""

UNION = """
CREATE TABLE first_source WITH ('database-name' = 'emp_1') LIKE source (OVERWRITING OPTIONS);
CREATE TABLE second_source WITH ('database-name' = 'emp_2') LIKE source (OVERWRITING OPTIONS);
INSERT INTO sink
SELECT {columns} FROM first_source UNION ALL SELECT {columns} FROM second_source;
"""


def even_of(row):
    """The row of demo.even, or None if there is none."""
    if int(row[0]) % 2 != 0:
        return None
    return (row[0], row[1], str(int(row[0]) * 10), f"{row[2]}@{row[6]}".upper())


@dataclass
class Target:
    """A Doris table: how it is made, how it is read, and what a row of the workload is in it."""
    name: str
    ddl: str
    columns: str
    row_of: Callable = lambda row: row

    def of(self, rows):
        """Its content, if the workload's tables hold these rows."""
        return frozenset(row for row in map(self.row_of, rows) if row is not None)


@dataclass
class Shape:
    statements: str
    targets: list
    # Databases that a source reads, one entry per source.
    parts: tuple = (("emp_1", "emp_2"),)

    def script(self, **values):
        text = SETTINGS + SOURCE + SINK + self.statements
        return text.format(columns=f"{COLUMNS}, database_name, table_name", source="source", **values)


ALL = Target("employees", EMPLOYEES, f"{COLUMNS}, database_name, table_name")
SHAPES = {
    "insert": Shape(INSERT, [ALL]),
    "set": Shape(SET, [ALL, Target("even", EVEN, "emp_no, birth_date, tenfold, label", even_of)]),
    "union": Shape(UNION, [ALL], (("emp_1",), ("emp_2",))),
}
