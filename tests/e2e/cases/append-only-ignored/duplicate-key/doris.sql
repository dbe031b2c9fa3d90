CREATE DATABASE bug;
CREATE TABLE bug.t (id int, a varchar(400), b varchar(400), kind varchar(4)) DUPLICATE KEY(id) DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES('replication_num' = '1');
