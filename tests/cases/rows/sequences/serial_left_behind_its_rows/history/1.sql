CREATE SCHEMA serial_left_behind_its_rows;
CREATE TABLE serial_left_behind_its_rows.forms (id serial PRIMARY KEY, name text NOT NULL);
INSERT INTO serial_left_behind_its_rows.forms (id, name) VALUES (10, 'Petition'), (11, 'Answer');
INSERT INTO serial_left_behind_its_rows.forms (name) VALUES ('Motion');
