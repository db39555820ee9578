CREATE TABLE blocks (data BLOB);
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers)
INSERT INTO blocks SELECT randomblob(100000) FROM numbers;
