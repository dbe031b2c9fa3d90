USE bug;
UPDATE t_2 SET a = 'moved', b = 'moved';
DELETE FROM t WHERE id = 2;
RENAME TABLE t TO aside, t_2 TO t, aside TO t_2;
INSERT INTO t(id, a, b) VALUES (3, 'n', 'n');
