CREATE SCHEMA identity_restarted;
CREATE TABLE identity_restarted.forms (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
INSERT INTO identity_restarted.forms (name) VALUES ('Petition'), ('Answer');
ALTER TABLE identity_restarted.forms ALTER COLUMN id RESTART WITH 1000;
