INSERT INTO bug.t(id, a, b) VALUES (11, 'A11', 'B11');
ALTER TABLE bug.t CHANGE a a2 VARCHAR(40) FIRST;
UPDATE bug.t SET b = 'touched' WHERE id = 1;
ALTER TABLE bug.t CHANGE a2 a VARCHAR(40) AFTER x;
INSERT INTO bug.t(id, a, b) VALUES (12, 'A12', 'B12');
