CREATE SCHEMA key_asked_for_too_early;
CREATE TABLE key_asked_for_too_early.buyer (id integer PRIMARY KEY);
CREATE TABLE key_asked_for_too_early.bill (id integer PRIMARY KEY, buyer integer REFERENCES key_asked_for_too_early.buyer);
