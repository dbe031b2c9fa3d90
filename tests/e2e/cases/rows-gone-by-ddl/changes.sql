TRUNCATE TABLE bug.t;
INSERT INTO bug.t(id, a, b) VALUES (1, 'n', 'n');
