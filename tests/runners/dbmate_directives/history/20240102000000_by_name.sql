-- Built while the table is in use.
-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY courts_name ON courts (name);

-- migrate:down
DROP INDEX courts_name;
