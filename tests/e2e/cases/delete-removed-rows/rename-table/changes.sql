USE bug;
UPDATE t_2 SET a = 'moved';
RENAME TABLE t TO gone, t_2 TO t;
INSERT INTO t(id, a, b) VALUES (3, 'n', 'n');
INSERT INTO gone(id, a, b) VALUES (4, 'not', 'ours');
