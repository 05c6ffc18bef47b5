CREATE FUNCTION check_that_is_not_valid.is_lower(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = lower($1)';
ALTER TABLE check_that_is_not_valid.entry ADD CONSTRAINT lower_code CHECK (check_that_is_not_valid.is_lower(code)) NOT VALID;
