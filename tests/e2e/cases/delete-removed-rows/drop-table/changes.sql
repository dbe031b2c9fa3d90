USE bug;
INSERT INTO t(id, a, b) VALUES (3, 'gone', 'gone');
DROP TABLE IF EXISTS nothing, t /* generated */;
CREATE TABLE t (b TEXT, id INT PRIMARY KEY, a ENUM('x', 'n'));
INSERT INTO t VALUES ('n', 1, 'n');
DROP TABLE t_2;
