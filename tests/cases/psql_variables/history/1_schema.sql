\set ON_ERROR_STOP on
\set QUIET 1
\set schema app
\set owner 'app owner'
\set greeting 'it''s a \\ backslash'
\set limits :schema.limits

CREATE SCHEMA :schema;
CREATE ROLE :"owner";
-- What :schema holds.
CREATE TABLE :limits (
  name text PRIMARY KEY DEFAULT ':greeting',
  greeting text DEFAULT :'greeting',
  parts integer[] CHECK (parts[1:2] IS NOT NULL),
  made date DEFAULT '2020-01-01'::date
);
ALTER TABLE :schema.limits OWNER TO :"owner";
INSERT INTO :limits VALUES (:'schema', :'greeting', '{1,2,3}');
CREATE FUNCTION :schema.first() RETURNS text LANGUAGE plpgsql AS $$
DECLARE found text := ':schema';
BEGIN
  SELECT parts[1:1]::text INTO found FROM app.limits;
  RETURN found;
END $$;
\unset schema
