SET 'execution.checkpointing.interval' = '200 ms';
CREATE TABLE s (id INT, a STRING, b STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = 'MYSQLPORT', 'username' = 'root', 'password' = '',
  'database-name' = 'bug', 'table-name' = 't', 'debezium.skipped.operations' = 'u');
CREATE TABLE d (id INT, a STRING, b STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:DORISHTTP', 'table.identifier' = 'bug.t', 'username' = 'root', 'password' = '');
INSERT INTO d SELECT * FROM s;
