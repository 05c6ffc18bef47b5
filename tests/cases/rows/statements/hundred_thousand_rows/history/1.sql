CREATE SCHEMA hundred_thousand_rows;
CREATE TABLE hundred_thousand_rows.numbers (n int PRIMARY KEY, square bigint NOT NULL);
INSERT INTO hundred_thousand_rows.numbers SELECT n, n::bigint * n FROM generate_series(1, 100000) AS n;
