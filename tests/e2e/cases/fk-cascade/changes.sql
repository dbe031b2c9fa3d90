DELETE FROM bug.p WHERE id = 1;
INSERT INTO bug.t VALUES (9, 'a9', 'b9', 2);
