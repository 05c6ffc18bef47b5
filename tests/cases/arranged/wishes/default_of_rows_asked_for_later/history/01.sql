CREATE SCHEMA default_of_rows_asked_for_later;
CREATE TABLE default_of_rows_asked_for_later.bill (id integer PRIMARY KEY, amount integer NOT NULL DEFAULT 7);
INSERT INTO default_of_rows_asked_for_later.bill (id) VALUES (1);
