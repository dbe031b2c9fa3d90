INSERT INTO bug.t(id, a, b) VALUES (11, 'A11', 'B11');
ALTER TABLE bug.t DROP COLUMN a;
UPDATE bug.t SET b = 'touched' WHERE id = 1;
