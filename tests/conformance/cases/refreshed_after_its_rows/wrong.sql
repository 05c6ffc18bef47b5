CREATE SCHEMA refreshed;
CREATE TABLE refreshed.rooms (number integer);
CREATE MATERIALIZED VIEW refreshed.numbers AS SELECT number FROM refreshed.rooms;
REFRESH MATERIALIZED VIEW refreshed.numbers;
INSERT INTO refreshed.rooms VALUES (101), (102);
