-- teams have a captain, people have a team
CREATE TABLE teams (id int PRIMARY KEY, name text NOT NULL, captain_id int);
CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, team_id int REFERENCES teams (id));
INSERT INTO teams (id, name) VALUES (1, 'Bailiffs'), (2, 'Clerks');
INSERT INTO people VALUES (1, 'Ada', 1), (2, 'Grace', 2);
