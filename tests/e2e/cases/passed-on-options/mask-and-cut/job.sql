SET 'execution.checkpointing.interval' = '200 ms';
CREATE TABLE s (id INT, a STRING, b STRING, c STRING, e STRING, s STRING, j STRING, n INT, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = 'MYSQLPORT', 'username' = 'root', 'password' = '',
  'database-name' = 'bug', 'table-name' = 't', 'debezium.column.mask.with.6.chars' = 'bug.t.(a|e|n)',
  'debezium.column.truncate.to.3.chars' = 'bug.t.(a|b|c|s|j|n)');
CREATE TABLE d (id INT, a STRING, b STRING, c STRING, e STRING, s STRING, j STRING, n INT) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:DORISHTTP', 'table.identifier' = 'bug.t', 'username' = 'root', 'password' = '');
INSERT INTO d SELECT * FROM s;
