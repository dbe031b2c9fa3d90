INSERT INTO bug.t VALUES (2, 'two', 'y'), (3, NULL, NULL);
UPDATE bug.t SET a = 'eins' WHERE id = 1;
DELETE FROM bug.t WHERE id = 3;
