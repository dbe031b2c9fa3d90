INSERT INTO bug.t(id, a, b) VALUES (11, 'A11', 'B11');
ALTER TABLE bug.t MODIFY a VARBINARY(40);
INSERT INTO bug.t(id, a, b) VALUES (12, 'A12', 'B12');
