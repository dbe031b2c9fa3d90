SET NAMES utf8mb4;
CREATE DATABASE bug;
CREATE TABLE bug.t (
  id INT PRIMARY KEY,
  a ENUM('ok', '👍', 'really?') CHARACTER SET utf8mb4,
  b SET('🐟', 'x', '🐟🐟', '?') CHARACTER SET utf8mb4 NOT NULL,
  c ENUM('é', '𝄞', '?') CHARACTER SET utf16,
  `d``` ENUM('?', 'it''s?', 'ü') CHARACTER SET latin1);
INSERT INTO bug.t VALUES (1, '👍', '🐟', '𝄞', 'it''s?');
