CREATE SCHEMA counted;
CREATE SEQUENCE counted.numbers;
CREATE TABLE counted.rooms (number integer DEFAULT nextval('counted.numbers'));
