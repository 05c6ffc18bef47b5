-- no-transaction
CREATE INDEX CONCURRENTLY courts_name ON courts (name);
