UPDATE bug.t SET n = n + 10;
DELETE FROM bug.t WHERE b = '0.0.0.1';
UPDATE bug.t SET a = '1::', b = '1.0.0.0' WHERE n = 14;
INSERT INTO bug.t VALUES ('01932c07-209c-7a25-a4b4-6e1b6a3c8d00', '1:2:3::', '32.32.32.32', 6);
