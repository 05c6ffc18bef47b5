CREATE SCHEMA copied;
CREATE TABLE copied.kinds (name text);
CREATE TABLE copied.rooms (kind text);
INSERT INTO copied.kinds SELECT DISTINCT kind FROM copied.rooms;
INSERT INTO copied.rooms VALUES ('office');
