CREATE SCHEMA lookup_row_for_a_check;
CREATE TABLE lookup_row_for_a_check.kinds (name text PRIMARY KEY);
CREATE FUNCTION lookup_row_for_a_check.is_kind(text) RETURNS boolean LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN EXISTS (SELECT FROM lookup_row_for_a_check.kinds WHERE name = $1); END $$;
CREATE TABLE lookup_row_for_a_check.assets (id int PRIMARY KEY, kind text CHECK (lookup_row_for_a_check.is_kind(kind)));
INSERT INTO lookup_row_for_a_check.kinds VALUES ('chair'), ('desk');
INSERT INTO lookup_row_for_a_check.assets VALUES (1, 'desk');
