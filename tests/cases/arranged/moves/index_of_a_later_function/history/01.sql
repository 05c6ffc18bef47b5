CREATE SCHEMA index_of_a_later_function;
CREATE TABLE index_of_a_later_function.rate (percent integer);
CREATE FUNCTION index_of_a_later_function.taxed(integer) RETURNS integer LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC SELECT $1 + count(*)::integer FROM index_of_a_later_function.rate; END;
CREATE TABLE index_of_a_later_function.bill (id integer PRIMARY KEY, amount integer);
CREATE INDEX bill_taxed ON index_of_a_later_function.bill (index_of_a_later_function.taxed(amount));
