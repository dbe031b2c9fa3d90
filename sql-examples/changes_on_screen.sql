-- Prints every change of one MySQL table: first the rows that are there (+I), then inserts (+I),
-- updates (-U, +U) and deletes (-D) as they happen. Stop it with Ctrl-C.

CREATE TABLE employees (
    emp_no INT NOT NULL,
    first_name STRING,
    last_name STRING,
    hire_date DATE,
    changed_at TIMESTAMP_LTZ(3) METADATA FROM 'op_ts' VIRTUAL,
    PRIMARY KEY (emp_no) NOT ENFORCED
) WITH (
    'connector' = 'mysql-cdc',
    'hostname' = 'localhost',
    'port' = '3306',
    'username' = 'root',
    'password' = '123456',
    'database-name' = 'emp_1',
    'table-name' = 'employees_1'
);

CREATE TABLE screen (
    emp_no INT,
    name STRING,
    hired_in STRING,
    changed_at TIMESTAMP_LTZ(3)
) WITH ('connector' = 'print');

INSERT INTO screen
SELECT emp_no, CONCAT(first_name, ' ', UPPER(last_name)), CAST(hire_date AS STRING), changed_at
FROM employees
WHERE hire_date >= DATE '1990-01-01';
