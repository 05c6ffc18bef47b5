CREATE SCHEMA identity_always;
CREATE TABLE identity_always.cases (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL);
INSERT INTO identity_always.cases (title) VALUES ('People v. Nobody');
INSERT INTO identity_always.cases OVERRIDING SYSTEM VALUE VALUES (100, 'In re Everything');
INSERT INTO identity_always.cases (title) VALUES ('Somebody v. Anybody');
UPDATE identity_always.cases SET id = DEFAULT WHERE id = 100;
