CREATE SCHEMA all_constraints_asked_for_later;
CREATE TABLE all_constraints_asked_for_later.buyer (id integer PRIMARY KEY, name text UNIQUE NOT NULL);
CREATE TABLE all_constraints_asked_for_later.bill (id integer PRIMARY KEY, amount integer CHECK (amount > 0), buyer integer REFERENCES all_constraints_asked_for_later.buyer);
