UPDATE bug.t SET b = 'first' WHERE id = 1;
INSERT INTO bug.t VALUES (3, 30, 'a3', 'b3', 300);
DELETE FROM bug.t WHERE id = 2;
INSERT INTO bug.t VALUES (9, 90, 'a9', 'b9', 900);
UPDATE bug.t SET b = 'last' WHERE id = 1;
