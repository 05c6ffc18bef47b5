-- What a courthouse has.
-- +goose Up
-- The courts themselves.
CREATE TABLE courts (id integer PRIMARY KEY, name text NOT NULL);

-- +goose Down
DROP TABLE courts;
