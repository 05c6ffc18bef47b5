CREATE SCHEMA exclusion_asked_for_later;
CREATE TABLE exclusion_asked_for_later.stay (id integer PRIMARY KEY, during int4range, EXCLUDE USING gist (during WITH &&));
