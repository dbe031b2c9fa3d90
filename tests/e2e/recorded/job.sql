-- The job whose checkpoints are recorded beside this file. The words in braces are filled in.
SET 'execution.checkpointing.interval' = '100 ms';
SET 'pipeline.name' = 'recorded';
CREATE TABLE orders (
  id BIGINT, note STRING, amount DECIMAL(10, 2), made TIMESTAMP(0), shard STRING METADATA FROM 'table_name' VIRTUAL,
  PRIMARY KEY (id) NOT ENFORCED
) WITH (
  'connector' = 'mysql-cdc', 'hostname' = '127.0.0.1', 'port' = '{mysql_port}', 'username' = 'cdc',
  'password' = 'cdc-secret', 'database-name' = 'shop', 'table-name' = 'orders_[0-9]+',
  'server-time-zone' = 'UTC', 'scan.incremental.snapshot.chunk.size' = '2000'
);
CREATE TABLE orders_sink (
  id BIGINT, note STRING, amount DECIMAL(10, 2), made TIMESTAMP(0), shard STRING,
  PRIMARY KEY (id) NOT ENFORCED
) WITH (
  'connector' = 'doris', 'fenodes' = '127.0.0.1:{http_port}', 'query-port' = '{query_port}',
  'table.identifier' = 'demo.orders', 'username' = 'root', 'password' = '',
  'sink.label-prefix' = 'recorded'
);
INSERT INTO orders_sink SELECT id, UPPER(note), amount + 1, made, shard FROM orders WHERE amount >= 0;
