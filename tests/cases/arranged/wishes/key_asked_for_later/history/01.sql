CREATE SCHEMA key_asked_for_later;
CREATE TABLE key_asked_for_later.buyer (id integer PRIMARY KEY);
CREATE TABLE key_asked_for_later.bill (id integer PRIMARY KEY, buyer integer REFERENCES key_asked_for_later.buyer);
INSERT INTO key_asked_for_later.buyer VALUES (1);
INSERT INTO key_asked_for_later.bill VALUES (1, 1);
