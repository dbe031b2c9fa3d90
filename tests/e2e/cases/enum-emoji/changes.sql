SET NAMES utf8mb4;
INSERT INTO bug.t VALUES (2, '👍', '🐟,?', '𝄞', 'it''s?'), (3, 'ok', 'x,🐟🐟', 'é', 'ü'), (4, 'really?', '', '?', '?'), (5, NULL, '🐟🐟', NULL, NULL);
UPDATE bug.t SET b = '🐟,x,🐟🐟,?' WHERE id = 1;
