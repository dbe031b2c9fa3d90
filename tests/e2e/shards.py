"""The employees of the scenario: four shards in MySQL and one table in Doris."""

import csv

from servers import SOURCE_DIR

SHARDS = [("emp_1", "employees_1"), ("emp_1", "employees_2"),
          ("emp_2", "employees_1"), ("emp_2", "employees_2")]
CSV = SOURCE_DIR / "sql-examples" / "employees_shards.csv"
SCRIPT = SOURCE_DIR / "sql-examples" / "employees_to_doris.sql"
JOB = "insert-into_default_catalog.default_database.cdc_doris_sink"

MYSQL_COLUMNS = """
    emp_no INT NOT NULL PRIMARY KEY, birth_date DATE NOT NULL, first_name VARCHAR(14) NOT NULL,
    last_name VARCHAR(16) NOT NULL, gender ENUM('M','F') NOT NULL, hire_date DATE NOT NULL"""

DORIS_TABLE = """
CREATE TABLE demo.all_employees_info (
  emp_no int NOT NULL, birth_date date, first_name varchar(20), last_name varchar(20),
  gender char(2), hire_date date, database_name varchar(50), table_name varchar(200)
) UNIQUE KEY(emp_no, birth_date)
DISTRIBUTED BY HASH(birth_date) BUCKETS 1
PROPERTIES ("replication_allocation" = "tag.location.default: 1")"""

COLUMNS = "emp_no, birth_date, first_name, last_name, gender, hire_date"


def read_csv():
    """{(database, table): [row]}, each row as texts in the order of COLUMNS."""
    shards = {shard: [] for shard in SHARDS}
    with open(CSV, newline="", encoding="utf-8") as file:
        for line in csv.reader(file):
            if line[0] != "database_name":
                shards[(line[0], line[1])].append(line[2:])
    return shards


def create_shard(server, database, table, rows=()):
    connection = server.connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE IF NOT EXISTS {database}")
            cursor.execute(f"CREATE TABLE {database}.{table} ({MYSQL_COLUMNS})")
            if rows:
                cursor.executemany(
                    f"INSERT INTO {database}.{table} VALUES (%s, %s, %s, %s, %s, %s)", rows)
    finally:
        connection.close()


def load_shards(server):
    for (database, table), rows in read_csv().items():
        create_shard(server, database, table, rows)


def mysql_rows(server, shards):
    """All rows as Doris should hold them: a sorted list of tuples of texts."""
    rows = []
    for database, table in shards:
        rows += [tuple(str(value) for value in row) + (database, table)
                 for row in server.run(f"SELECT {COLUMNS} FROM {database}.{table}")]
    return sorted(rows)


def doris_rows(minidoris):
    rows = minidoris.run(f"SELECT {COLUMNS}, database_name, table_name "
                         "FROM demo.all_employees_info")
    return sorted(tuple(str(value) for value in row) for row in rows)


def script_for(server, minidoris, user="cdc", password="cdc-secret", interval=None):
    """The example script with the addresses of these servers."""
    text = SCRIPT.read_text(encoding="utf-8")
    changes = [("'hostname' = 'localhost'", "'hostname' = '127.0.0.1'"),
               ("'port' = '3306'", f"'port' = '{server.port}'"),
               ("'username' = 'root'", f"'username' = '{user}'"),
               ("'password' = '123456'", f"'password' = '{password}'"),
               ("'127.0.0.1:8030',", f"'127.0.0.1:{minidoris.http_port}',\n"
                f"  'query-port' = '{minidoris.query_port}',")]
    if interval:
        changes.append(("checkpointing.interval' = '10s'", f"checkpointing.interval' = '{interval}'"))
    for old, new in changes:
        if old not in text:
            raise AssertionError(f"{SCRIPT.name} does not contain {old}")
        text = text.replace(old, new, 1)  # the first user is MySQL's
    return text
