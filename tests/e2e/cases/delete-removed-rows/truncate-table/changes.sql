UPDATE bug.t SET a = 'before' WHERE id = 2;
INSERT INTO bug.t(id, a, b) VALUES (3, 'gone', 'gone');
TRUNCATE TABLE bug.t;
INSERT INTO bug.t(id, a, b) VALUES (3, 'n', 'n');
