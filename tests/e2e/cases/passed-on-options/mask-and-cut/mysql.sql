CREATE DATABASE bug;
CREATE TABLE bug.t (id INT PRIMARY KEY, a TEXT CHARACTER SET latin1, b VARCHAR(40) CHARACTER SET utf8mb4, c VARCHAR(3), e ENUM('yes', 'no'), s SET('left', 'right'), j JSON, n INT);
INSERT INTO bug.t VALUES (1, 'secret', 'Zürich', 'abc', 'yes', 'left,right', '{"k": 1}', 12345), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
