CREATE SCHEMA new_keys_that_point_at_each_other;
CREATE TABLE new_keys_that_point_at_each_other.teams (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text UNIQUE);
CREATE TABLE new_keys_that_point_at_each_other.people (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, team uuid REFERENCES new_keys_that_point_at_each_other.teams);
CREATE TABLE new_keys_that_point_at_each_other.mentors (
    person uuid REFERENCES new_keys_that_point_at_each_other.people, mentor uuid REFERENCES new_keys_that_point_at_each_other.people, PRIMARY KEY (person, mentor));
INSERT INTO new_keys_that_point_at_each_other.teams (name) VALUES ('Bailiffs'), ('Clerks');
INSERT INTO new_keys_that_point_at_each_other.people (name, team) SELECT 'Ada', id FROM new_keys_that_point_at_each_other.teams WHERE name = 'Clerks';
INSERT INTO new_keys_that_point_at_each_other.people (name) VALUES ('Grace'), ('Emmy');
INSERT INTO new_keys_that_point_at_each_other.mentors
SELECT p.id, m.id FROM new_keys_that_point_at_each_other.people p, new_keys_that_point_at_each_other.people m WHERE p.name < m.name;
ALTER TABLE new_keys_that_point_at_each_other.people ADD COLUMN nick text;
UPDATE new_keys_that_point_at_each_other.people SET nick = left(name, 1);
ALTER TABLE new_keys_that_point_at_each_other.people RENAME COLUMN name TO full_name;
