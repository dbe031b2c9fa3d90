INSERT INTO bug.t(id, a, b) VALUES (11, 'A11', 'B11');
ALTER TABLE bug.t ADD COLUMN a0 VARCHAR(40) DEFAULT 'wrong' AFTER x;
INSERT INTO bug.t(id, a, b) VALUES (12, 'A12', 'B12');
ALTER TABLE bug.t DROP COLUMN a0;
INSERT INTO bug.t(id, a, b) VALUES (13, 'A13', 'B13');
