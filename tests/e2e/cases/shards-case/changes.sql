INSERT INTO bug.t_1 VALUES (2, 'b', 'x');
INSERT INTO bug.t_4 VALUES (5, 'e', 'y');
CREATE TABLE bug.t_6 (Id INT PRIMARY KEY, ö VARCHAR(40), A VARCHAR(40));
INSERT INTO bug.t_6 VALUES (6, 'z', 'f');
