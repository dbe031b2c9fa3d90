INSERT INTO bug.t VALUES (2, 'a2', 'b2', 'z');
UPDATE bug.t SET secret = 'y', a = 'A1' WHERE id = 1;
