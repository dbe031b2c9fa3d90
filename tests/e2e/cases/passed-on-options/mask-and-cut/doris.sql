CREATE DATABASE bug;
CREATE TABLE bug.t (id int, a varchar(400), b varchar(400), c varchar(400), e varchar(400), s varchar(400), j varchar(400), n int) UNIQUE KEY(id) DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES('replication_num' = '1');
