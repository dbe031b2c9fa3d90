USE percona;
INSERT INTO bug.t(id, a, b) VALUES (51, 'r', 'r');
SET SESSION binlog_format = STATEMENT;
UPDATE percona.checksums c JOIN bug.t SET t.a = 'wrong' WHERE t.id = 1;
