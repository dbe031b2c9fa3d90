SET 'execution.checkpointing.interval' = '200 ms';
CREATE TABLE s (u STRING, a STRING, b STRING, n INT, PRIMARY KEY (u, a, b) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = 'MYSQLPORT', 'username' = 'root', 'password' = '',
  'database-name' = 'bug', 'table-name' = 't', 'scan.incremental.snapshot.chunk.size' = '2');
CREATE TABLE d (u STRING, a STRING, b STRING, n INT, PRIMARY KEY (u, a, b) NOT ENFORCED) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:DORISHTTP', 'table.identifier' = 'bug.t', 'username' = 'root', 'password' = '');
INSERT INTO d SELECT * FROM s;
