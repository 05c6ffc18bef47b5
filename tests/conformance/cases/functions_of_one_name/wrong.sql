CREATE SCHEMA overloaded;
CREATE FUNCTION overloaded.label(text) RETURNS text LANGUAGE sql AS $$ SELECT 'text ' || $1 $$;
