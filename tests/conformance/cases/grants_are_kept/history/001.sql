CREATE SCHEMA granted;
CREATE TABLE granted.rooms (number integer, note text);
GRANT SELECT ON granted.rooms TO PUBLIC;
GRANT ALL ON granted.rooms TO PUBLIC;
