SET SESSION sql_mode = 'ANSI_QUOTES';
INSERT INTO bug.t(id, x, a, b) VALUES (11, 5, 'A11', 'B11');
ALTER TABLE bug."t" CHANGE a "b" VARCHAR(40), /*!50000 CHANGE */ `b` a VARCHAR(40);
INSERT INTO bug.t(id, a, b) VALUES (12, 'A12', 'B12');
