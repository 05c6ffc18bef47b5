CREATE SCHEMA setval_not_called;
CREATE TABLE setval_not_called.forms (id serial PRIMARY KEY, name text NOT NULL);
INSERT INTO setval_not_called.forms (name) VALUES ('Petition');
SELECT setval('setval_not_called.forms_id_seq', (SELECT max(id) + 1 FROM setval_not_called.forms), false);
