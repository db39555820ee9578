CREATE TABLE numbers (n INTEGER);
.import "|cat" numbers
SELECT sum(n) FROM numbers;
