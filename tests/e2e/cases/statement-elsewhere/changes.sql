USE percona;
SET SESSION binlog_format = STATEMENT;
REPLACE INTO percona.checksums SELECT 'bug.t', COUNT(*) FROM bug.t;
SET SESSION binlog_format = ROW;
INSERT INTO bug.t(id, a, b) VALUES (52, 's', 's');
