USE bug;
INSERT INTO t(id, a, b) VALUES (11, 'A11', 'B11');
CREATE TABLE _t_new LIKE t;
ALTER TABLE _t_new ADD n INT FIRST, MODIFY b TEXT AFTER x;
INSERT INTO _t_new (id, x, a, b, z) SELECT id, x, a, b, z FROM t;
RENAME TABLE t TO _t_old, _t_new TO t;
UPDATE t SET a = 'A1' WHERE id = 1;
DROP TABLE _t_old;
