CREATE SCHEMA truncated_and_filled_again;
CREATE TABLE truncated_and_filled_again.kinds (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE truncated_and_filled_again.things (kind int REFERENCES truncated_and_filled_again.kinds, name text);
INSERT INTO truncated_and_filled_again.kinds (name) VALUES ('old'), ('older');
INSERT INTO truncated_and_filled_again.things VALUES (1, 'quill'), (2, 'wax');
TRUNCATE truncated_and_filled_again.kinds RESTART IDENTITY CASCADE;
INSERT INTO truncated_and_filled_again.kinds (name) VALUES ('new');
INSERT INTO truncated_and_filled_again.things VALUES (1, 'pen');
