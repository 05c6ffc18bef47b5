CREATE SCHEMA overloaded;
CREATE FUNCTION overloaded.label(integer) RETURNS text LANGUAGE sql AS $$ SELECT 'number ' || $1 $$;
