CREATE SCHEMA serial_further_than_its_rows;
CREATE TABLE serial_further_than_its_rows.forms (id serial PRIMARY KEY, name text NOT NULL);
INSERT INTO serial_further_than_its_rows.forms (name) VALUES ('Petition'), ('Answer'), ('Motion');
DELETE FROM serial_further_than_its_rows.forms WHERE name <> 'Answer';
SELECT setval('serial_further_than_its_rows.forms_id_seq', 500);
