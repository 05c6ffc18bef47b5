CREATE SCHEMA keys_of_two_tables;
CREATE TABLE keys_of_two_tables.team (id integer PRIMARY KEY, captain integer);
CREATE TABLE keys_of_two_tables.player (id integer PRIMARY KEY, team integer REFERENCES keys_of_two_tables.team);
ALTER TABLE keys_of_two_tables.team ADD CONSTRAINT team_captain FOREIGN KEY (captain) REFERENCES keys_of_two_tables.player;
INSERT INTO keys_of_two_tables.team VALUES (1, NULL);
INSERT INTO keys_of_two_tables.player VALUES (7, 1);
UPDATE keys_of_two_tables.team SET captain = 7;
