CREATE SCHEMA domain_over_a_table;
CREATE DOMAIN domain_over_a_table.code AS text;
CREATE TABLE domain_over_a_table.known (code domain_over_a_table.code PRIMARY KEY);
CREATE FUNCTION domain_over_a_table.is_known(text) RETURNS boolean LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT count(*) < 1000 FROM domain_over_a_table.known WHERE code::text <> $1; END;
ALTER DOMAIN domain_over_a_table.code ADD CONSTRAINT known_code CHECK (domain_over_a_table.is_known(VALUE));
