USE bug;
SET SESSION binlog_format = STATEMENT;
INSERT INTO other SELECT id FROM t;
UPDATE other SET id = id + 10 WHERE id IN (SELECT id FROM t);
DELETE FROM other WHERE id = 11;
SET SESSION binlog_format = ROW;
INSERT INTO t(id, a, b) VALUES (52, 's', 's');
