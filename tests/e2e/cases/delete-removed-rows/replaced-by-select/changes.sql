USE bug;
CREATE OR REPLACE TABLE t (id INT PRIMARY KEY) SELECT id + 1 AS id, a, b FROM t_2;
UPDATE t SET a = 'later' WHERE id = 3;
