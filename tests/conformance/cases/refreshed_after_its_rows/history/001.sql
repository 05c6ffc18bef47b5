CREATE SCHEMA refreshed;
CREATE TABLE refreshed.rooms (number integer);
CREATE MATERIALIZED VIEW refreshed.numbers AS SELECT number FROM refreshed.rooms;
