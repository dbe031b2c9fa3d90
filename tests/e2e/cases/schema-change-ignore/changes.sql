INSERT INTO bug.t(id, a, b) VALUES (11, 'A11', 'B11');
ALTER TABLE bug.t DROP COLUMN a;
UPDATE bug.t SET b = 'touched' WHERE id = 1;
ALTER TABLE bug.t ADD COLUMN A TEXT FIRST;
INSERT INTO bug.t(id, a, b) VALUES (12, 'A12', 'B12');
