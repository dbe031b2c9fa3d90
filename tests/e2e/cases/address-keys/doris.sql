CREATE DATABASE bug;
CREATE TABLE bug.t (u varchar(40), a varchar(40), b varchar(40), n int) UNIQUE KEY(u, a, b) DISTRIBUTED BY HASH(u) BUCKETS 1 PROPERTIES('replication_num' = '1');
