USE bug;
ALTER TABLE t RENAME TO gone;
INSERT INTO gone(id, a, b) VALUES (11, 'A11', 'B11');
ALTER TABLE gone DROP x, RENAME TO t;
INSERT INTO t(id, a, b) VALUES (12, 'A12', 'B12');
