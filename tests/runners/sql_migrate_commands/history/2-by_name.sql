-- +migrate Up notransaction
CREATE INDEX CONCURRENTLY courts_name ON courts (name);
-- +migrate Down
DROP INDEX courts_name;
