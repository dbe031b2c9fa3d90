-- One job that reads its sources once and fills two tables in Doris, which take every change in the
-- same checkpoint:
--
--   demo.all_employees_info  every employee of every shard, as in employees_to_doris.sql
--   demo.people              names of present and former employees, in one column
--
-- The Doris tables exist already; the second one is
--
--   CREATE TABLE demo.people (
--     emp_no int NOT NULL, full_name varchar(50), state varchar(10), hired_in int
--   ) UNIQUE KEY(emp_no) DISTRIBUTED BY HASH(emp_no) BUCKETS 1
--   PROPERTIES ("replication_allocation" = "tag.location.default: 1");
--
-- `millrace check` looks the script over without any server. Put EXPLAIN in place of EXECUTE to see
-- the plan: employees_source stands there once, though both tables get its rows.

SET 'pipeline.name' = 'employees and people';
SET 'execution.checkpointing.interval' = '10 s';

-- Shards: all tables of all databases that match.
CREATE TABLE employees_source (
    database_name STRING METADATA VIRTUAL,
    table_name STRING METADATA VIRTUAL,
    emp_no INT NOT NULL,
    birth_date DATE,
    first_name STRING,
    last_name STRING,
    gender STRING,
    hire_date DATE,
    PRIMARY KEY (emp_no) NOT ENFORCED
) WITH (
    'connector' = 'mysql-cdc',
    'hostname' = 'localhost',
    'port' = '3306',
    'username' = 'root',
    'password' = '123456',
    'database-name' = 'emp_[0-9]+',
    'table-name' = 'employees_[0-9]+'
);

-- The same columns and the same server, another table: only what differs is said.
CREATE TABLE former_source
WITH ('database-name' = 'archive', 'table-name' = 'former_employees')
LIKE employees_source (OVERWRITING OPTIONS);

CREATE TABLE all_employees (
    emp_no INT,
    birth_date DATE,
    first_name STRING,
    last_name STRING,
    gender STRING,
    hire_date DATE,
    database_name STRING,
    table_name STRING
) WITH (
    'connector' = 'doris',
    'fenodes' = '127.0.0.1:8030',
    'table.identifier' = 'demo.all_employees_info',
    'username' = 'root',
    'password' = '',
    'sink.enable-2pc' = 'true',
    'sink.properties.format' = 'json',
    'sink.properties.strict_mode' = 'true',
    'sink.label-prefix' = 'demo_all_employees'
);

CREATE TABLE people (
    emp_no INT,
    full_name STRING,
    state STRING,
    hired_in BIGINT
) WITH (
    'connector' = 'doris',
    'fenodes' = '127.0.0.1:8030',
    'table.identifier' = 'demo.people',
    'username' = 'root',
    'password' = '',
    'sink.enable-2pc' = 'true',
    'sink.properties.format' = 'json',
    'sink.properties.strict_mode' = 'true',
    'sink.label-prefix' = 'demo_people'
);

-- Nobody is in both tables: MySQL's order between two sources is not kept, so rows that move from one
-- to the other under the same key belong into one source with a pattern for both.
CREATE VIEW everybody AS
SELECT emp_no, first_name, last_name, hire_date, 'present' AS state FROM employees_source
UNION ALL
SELECT emp_no, first_name, last_name, hire_date, 'former' AS state FROM former_source;

EXECUTE STATEMENT SET BEGIN
    INSERT INTO all_employees
    SELECT emp_no, birth_date, first_name, last_name, gender, hire_date, database_name, table_name
    FROM employees_source;

    INSERT INTO people
    SELECT emp_no, CONCAT(first_name, ' ', UPPER(last_name)), state, YEAR(hire_date)
    FROM everybody
    WHERE hire_date IS NOT NULL;
END;
