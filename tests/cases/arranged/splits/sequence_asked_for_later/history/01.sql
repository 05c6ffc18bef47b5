CREATE SCHEMA sequence_asked_for_later;
CREATE TABLE sequence_asked_for_later.early (id serial PRIMARY KEY, name text);
INSERT INTO sequence_asked_for_later.early (name) VALUES ('a'), ('b');
