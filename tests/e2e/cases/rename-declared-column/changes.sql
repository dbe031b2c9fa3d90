ALTER TABLE bug.t RENAME COLUMN a TO a2;
UPDATE bug.t SET b = 'touched' WHERE id = 1;
INSERT INTO bug.t(id, a2, b) VALUES (12, 'A12', 'B12');
