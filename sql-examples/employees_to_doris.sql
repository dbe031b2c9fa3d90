-- Employees, split over two MySQL databases with two tables each, become one table in Doris and stay
-- in step. docs/ says how to start a MySQL and a Doris to try it with; scripts/quickstart.sh does it
-- all. The Doris table exists already:
--
--   CREATE TABLE demo.all_employees_info (
--     emp_no int NOT NULL, birth_date date, first_name varchar(20), last_name varchar(20),
--     gender char(2), hire_date date, database_name varchar(50), table_name varchar(200)
--   ) UNIQUE KEY(emp_no, birth_date) DISTRIBUTED BY HASH(birth_date) BUCKETS 1
--   PROPERTIES ("replication_allocation" = "tag.location.default: 1");

SET 'execution.checkpointing.interval' = '10s';

CREATE TABLE employees_source (
    database_name STRING METADATA VIRTUAL,
    table_name STRING METADATA VIRTUAL,
    emp_no int NOT NULL,
    birth_date date,
    first_name STRING,
    last_name STRING,
    gender STRING,
    hire_date date,
    PRIMARY KEY (`emp_no`) NOT ENFORCED
) WITH (
    'connector' = 'mysql-cdc',
    'hostname' = 'localhost',
    'port' = '3306',
    'username' = 'root',
    'password' = '123456',
    'database-name' = 'emp_[0-9]+',
    'table-name' = 'employees_[0-9]+'
);

CREATE TABLE cdc_doris_sink (
    emp_no       int ,
    birth_date   STRING,
    first_name   STRING,
    last_name    STRING,
    gender       STRING,
    hire_date    STRING,
    database_name STRING,
    table_name    STRING
)
WITH (
  'connector' = 'doris',
  'fenodes' = '127.0.0.1:8030',
  'table.identifier' = 'demo.all_employees_info',
  'username' = 'root',
  'password' = '',
  'sink.enable-2pc' = 'true',
  'sink.properties.format' = 'json',
  'sink.properties.strict_mode' = 'true',
  'sink.label-prefix' = 'doris_demo_emp_001'
);

insert into cdc_doris_sink (emp_no,birth_date,first_name,last_name,gender,hire_date,database_name,table_name)
select emp_no,cast(birth_date as string) as birth_date ,first_name,last_name,gender,cast(hire_date as string) as hire_date ,database_name,table_name from employees_source;
