INSERT INTO bug.t(id, a, b) VALUES (11, 'A11', 'B11');
ALTER TABLE bug.t RENAME COLUMN a TO a2;
UPDATE bug.t SET b = 'touched' WHERE id = 1;
ALTER TABLE bug.t RENAME COLUMN a2 TO a;
INSERT INTO bug.t(id, a, b) VALUES (12, 'A12', 'B12');
