CREATE DATABASE bug;
CREATE TABLE bug.t (id int, d datetime, a varchar(40), b datetime) UNIQUE KEY(id) DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES('replication_num' = '1');
