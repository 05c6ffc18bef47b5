CREATE SCHEMA copied;
CREATE TABLE copied.rooms (kind text);
INSERT INTO copied.rooms VALUES ('office');
