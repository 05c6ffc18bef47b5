-- +migrate Up
-- +migrate StatementBegin
CREATE FUNCTION shout(name text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN upper(name); END $$;
-- +migrate StatementEnd
-- +migrate Down
DROP FUNCTION shout(text);
