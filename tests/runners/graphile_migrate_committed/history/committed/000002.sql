--! Previous: sha1:aaaa
--! Hash: sha1:bbbb
--! no-transaction

CREATE INDEX CONCURRENTLY courts_name ON courts (name);
