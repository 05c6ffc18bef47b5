CREATE SCHEMA default_through_a_view;
CREATE TABLE default_through_a_view.ticket (id integer, done boolean DEFAULT false);
CREATE VIEW default_through_a_view.open_tickets AS SELECT id FROM default_through_a_view.ticket WHERE NOT done;
CREATE FUNCTION default_through_a_view.how_many() RETURNS bigint LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT count(*) FROM default_through_a_view.open_tickets; END;
ALTER TABLE default_through_a_view.ticket ADD waits_behind bigint DEFAULT default_through_a_view.how_many();
