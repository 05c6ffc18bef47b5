CREATE TABLE copied.kinds (name text);
INSERT INTO copied.kinds SELECT DISTINCT kind FROM copied.rooms;
