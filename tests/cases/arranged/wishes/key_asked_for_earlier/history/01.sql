CREATE SCHEMA key_asked_for_earlier;
CREATE TABLE key_asked_for_earlier.buyer (id integer PRIMARY KEY);
CREATE TABLE key_asked_for_earlier.bill (id integer PRIMARY KEY, buyer integer REFERENCES key_asked_for_earlier.buyer);
