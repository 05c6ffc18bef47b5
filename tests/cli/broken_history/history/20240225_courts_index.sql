CREATE UNIQUE INDEX courts_by_name ON courts (name);
