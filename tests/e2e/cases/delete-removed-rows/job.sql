SET 'execution.checkpointing.interval' = '200 ms';
CREATE TABLE s (db STRING METADATA FROM 'database_name' VIRTUAL, tbl STRING METADATA FROM 'table_name' VIRTUAL,
  id INT, a STRING, b STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = 'MYSQLPORT', 'username' = 'root', 'password' = '',
  'database-name' = 'bug', 'table-name' = 't.*', 'ddl.removed-rows' = 'delete');
CREATE TABLE d (id INT, tbl STRING, a STRING, b STRING, db STRING, server STRING) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:DORISHTTP', 'jdbc-url' = 'jdbc:mysql://127.0.0.1:DORISQUERY',
  'table.identifier' = 'bug.t', 'username' = 'root', 'password' = '');
INSERT INTO d SELECT id, tbl, a, b, db, 'here''s \' FROM s WHERE id > 0;
