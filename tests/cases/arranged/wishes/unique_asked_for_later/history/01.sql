CREATE SCHEMA unique_asked_for_later;
CREATE TABLE unique_asked_for_later.buyer (id integer PRIMARY KEY, name text UNIQUE);
