---- tern: disable-tx ----
CREATE INDEX CONCURRENTLY courts_name ON courts (name);

---- create above / drop below ----
DROP INDEX courts_name;
