CREATE SCHEMA prepared_statement;
CREATE TABLE prepared_statement.flags (name text PRIMARY KEY, on_by_default boolean NOT NULL);
PREPARE flag (text, boolean) AS INSERT INTO prepared_statement.flags VALUES ($1, $2);
EXECUTE flag ('search', true);
EXECUTE flag ('export', false);
DEALLOCATE flag;
