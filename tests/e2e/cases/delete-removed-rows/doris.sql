CREATE DATABASE bug;
CREATE TABLE bug.t (id int, tbl varchar(40), a varchar(400), b varchar(400), db string, server varchar(20) not null) UNIQUE KEY(id, tbl) DISTRIBUTED BY HASH(id) BUCKETS 1 PROPERTIES('replication_num' = '1');
INSERT INTO bug.t VALUES (7, 't', 'of', 'another', 'bug', 'there');
