CREATE SCHEMA granted;
CREATE TABLE granted.rooms (number integer, note text);
