CREATE FUNCTION views_through_a_function.lowest() RETURNS integer LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT id FROM views_through_a_function.cheapest; END;
CREATE OR REPLACE VIEW views_through_a_function.cheap AS SELECT id, price FROM views_through_a_function.item WHERE price < 10 OR id = views_through_a_function.lowest();
