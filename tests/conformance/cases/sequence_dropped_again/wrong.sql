CREATE SCHEMA counted;
CREATE TABLE counted.rooms (number integer);
CREATE SEQUENCE counted.numbers;
