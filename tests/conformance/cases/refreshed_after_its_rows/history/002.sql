INSERT INTO refreshed.rooms VALUES (101), (102);
REFRESH MATERIALIZED VIEW refreshed.numbers;
