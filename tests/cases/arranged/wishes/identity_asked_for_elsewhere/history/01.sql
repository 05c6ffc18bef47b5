CREATE SCHEMA identity_asked_for_elsewhere;
CREATE TABLE identity_asked_for_elsewhere.bill (id integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE identity_asked_for_elsewhere.buyer (id integer GENERATED ALWAYS AS IDENTITY);
