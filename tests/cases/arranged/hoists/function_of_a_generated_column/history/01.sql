CREATE SCHEMA function_of_a_generated_column;
CREATE FUNCTION function_of_a_generated_column.slug(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)';
CREATE TABLE function_of_a_generated_column.page (title text, slug text GENERATED ALWAYS AS (function_of_a_generated_column.slug(title)) STORED);
INSERT INTO function_of_a_generated_column.page VALUES ('Home');
