CREATE SCHEMA default_asked_for_later;
CREATE TABLE default_asked_for_later.bill (id integer PRIMARY KEY, amount integer NOT NULL DEFAULT 7);
