-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION shout(name text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN upper(name);
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP FUNCTION shout(text);
-- +goose StatementEnd
