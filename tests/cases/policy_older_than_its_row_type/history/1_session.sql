CREATE TYPE caller AS (sub text, session uuid, name text);
CREATE FUNCTION caller() RETURNS caller LANGUAGE sql STABLE AS $$
    SELECT json_populate_record(NULL::caller, current_setting('app.claims', true)::json)
$$;
CREATE FUNCTION touch_columns(relation regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE format('ALTER TABLE %s ADD COLUMN touched timestamptz', relation);
END $$;
CREATE TABLE users (id integer PRIMARY KEY, sub text NOT NULL);
SELECT touch_columns('users');
CREATE TABLE teams (id integer PRIMARY KEY, head integer REFERENCES users);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_row ON users USING (sub = (SELECT sub FROM caller()));
CREATE POLICY own_name ON users USING (sub = (SELECT name FROM caller()));
