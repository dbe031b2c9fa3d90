CREATE DATABASE bug;
CREATE TABLE bug.t (id INT PRIMARY KEY, x INT, a VARCHAR(40), b VARCHAR(40), z INT);
INSERT INTO bug.t VALUES (1, 10, 'a1', 'b1', 100), (2, 20, 'a2', 'b2', 200);
CREATE DATABASE percona;
CREATE TABLE percona.checksums (k VARCHAR(60) PRIMARY KEY, n INT);
INSERT INTO percona.checksums VALUES ('k', 1);
