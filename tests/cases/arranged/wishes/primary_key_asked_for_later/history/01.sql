CREATE SCHEMA primary_key_asked_for_later;
CREATE TABLE primary_key_asked_for_later.buyer (id integer PRIMARY KEY);
CREATE TABLE primary_key_asked_for_later.bill (id integer PRIMARY KEY, buyer integer REFERENCES primary_key_asked_for_later.buyer);
