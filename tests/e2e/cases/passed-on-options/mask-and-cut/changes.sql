UPDATE bug.t SET a = 'other', b = 'ab😀cd', c = 'äöü' WHERE id = 1;
INSERT INTO bug.t VALUES (3, 'third', 'a😀b', 'ab', 'no', 'right', '[1, 2, 3]', 54321);
