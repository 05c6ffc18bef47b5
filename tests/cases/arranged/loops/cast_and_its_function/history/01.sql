CREATE SCHEMA cast_and_its_function;
CREATE TYPE cast_and_its_function.money_in AS (amount integer, unit text);
CREATE FUNCTION cast_and_its_function.from_text(text) RETURNS cast_and_its_function.money_in LANGUAGE sql IMMUTABLE AS
    'SELECT ROW(1, $1)::cast_and_its_function.money_in';
CREATE CAST (text AS cast_and_its_function.money_in) WITH FUNCTION cast_and_its_function.from_text(text);
CREATE TABLE cast_and_its_function.price (id integer, amount cast_and_its_function.money_in DEFAULT 'EUR'::text::cast_and_its_function.money_in);
