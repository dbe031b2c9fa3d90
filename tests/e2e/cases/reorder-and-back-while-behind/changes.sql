INSERT INTO bug.t(id, x, a, b) VALUES (11, 5, 'A11', 'B11');
ALTER TABLE bug.t MODIFY b VARCHAR(40) AFTER id;
INSERT INTO bug.t(id, a, b) VALUES (12, 'A12', 'B12');
ALTER TABLE bug.t MODIFY b VARCHAR(40) AFTER a;
INSERT INTO bug.t(id, a, b) VALUES (13, 'A13', 'B13');
