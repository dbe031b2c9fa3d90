CREATE DATABASE bug;
CREATE TABLE bug.t (id int, a datetime, b datetime) UNIQUE KEY(id) DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES('replication_num' = '1');
