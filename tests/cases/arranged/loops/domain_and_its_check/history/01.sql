CREATE SCHEMA domain_and_its_check;
CREATE DOMAIN domain_and_its_check.even AS integer;
CREATE FUNCTION domain_and_its_check.is_even(integer) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT
    RETURN $1 % 2 = 0 AND NULL::domain_and_its_check.even IS NULL;
ALTER DOMAIN domain_and_its_check.even ADD CONSTRAINT evenness CHECK (domain_and_its_check.is_even(VALUE));
CREATE TABLE domain_and_its_check.pair (id integer, size domain_and_its_check.even);
INSERT INTO domain_and_its_check.pair VALUES (1, 4);
