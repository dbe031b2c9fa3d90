DELETE FROM bug.t WHERE id = 1;
UPDATE bug.t SET b = 'z' WHERE id = 2;
INSERT INTO bug.t VALUES (3, NULL, 'n');
