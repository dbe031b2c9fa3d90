CREATE DATABASE bug;
CREATE TABLE bug.t (id varchar(40), v varchar(20)) UNIQUE KEY(id) DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES('replication_num' = '1');
