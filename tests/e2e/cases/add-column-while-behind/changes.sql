INSERT INTO bug.t(id, x, a, b) VALUES (11, 5, 'A11', 'B11');
ALTER TABLE bug.t ADD COLUMN n INT DEFAULT 1;
INSERT INTO bug.t(id, a, b) VALUES (12, 'A12', 'B12');
