USE bug;
UPDATE t SET a = 'before' WHERE id = 1;
CREATE TABLE elsewhere (id VARCHAR(9) PRIMARY KEY, a VARCHAR(40), b VARCHAR(40));
INSERT INTO elsewhere VALUES ('3', 'a3', 'b3');
RENAME TABLE t TO gone;
RENAME TABLE elsewhere TO t;
