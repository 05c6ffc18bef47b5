CREATE SCHEMA default_of_a_later_function;
CREATE TABLE default_of_a_later_function.rate (percent integer);
CREATE FUNCTION default_of_a_later_function.today() RETURNS integer LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT max(percent) FROM default_of_a_later_function.rate; END;
CREATE TABLE default_of_a_later_function.bill (id integer PRIMARY KEY, percent integer DEFAULT default_of_a_later_function.today());
