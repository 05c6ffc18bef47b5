CREATE SCHEMA inheritance;
CREATE TABLE inheritance.places (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE inheritance.courtrooms (judge text) INHERITS (inheritance.places);
INSERT INTO inheritance.places VALUES (1, 'Lobby');
INSERT INTO inheritance.courtrooms VALUES (2, 'Part 7', 'Ada');
UPDATE inheritance.places SET name = upper(name);
INSERT INTO inheritance.places VALUES (3, 'Garage');
