USE bug;
DROP TABLE IF EXISTS nothing, t /* generated */;
CREATE TABLE t (b TEXT, id INT PRIMARY KEY, a ENUM('x', 'n'));
INSERT INTO t VALUES ('n', 1, 'n');
