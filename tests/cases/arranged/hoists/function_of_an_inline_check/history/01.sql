CREATE SCHEMA function_of_an_inline_check;
CREATE FUNCTION function_of_an_inline_check.is_lower(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = lower($1)';
CREATE TABLE function_of_an_inline_check.page (title text CHECK (function_of_an_inline_check.is_lower(title)));
INSERT INTO function_of_an_inline_check.page VALUES ('home');
