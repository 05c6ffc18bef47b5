CREATE ROLE clerk NOLOGIN;
CREATE TYPE caller AS (sub text);
CREATE FUNCTION caller() RETURNS caller LANGUAGE sql STABLE AS $$
    SELECT json_populate_record(NULL::caller, current_setting('app.claims', true)::json)
$$;
CREATE TABLE users (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sub text NOT NULL, team integer);
CREATE TABLE teams (id integer PRIMARY KEY, name text NOT NULL);
ALTER TABLE users ADD FOREIGN KEY (team) REFERENCES teams (id);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON users TO clerk;
-- Whom the caller is.
CREATE POLICY own_row ON users FOR SELECT TO clerk USING (sub = (SELECT sub FROM caller()));
DO $$ BEGIN
    CREATE TYPE public.status AS ENUM ('new', 'gone');
EXCEPTION WHEN duplicate_object THEN NULL; END $$;
