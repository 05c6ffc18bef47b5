-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY courts_name ON courts (name);
-- +goose Down
DROP INDEX CONCURRENTLY courts_name;
