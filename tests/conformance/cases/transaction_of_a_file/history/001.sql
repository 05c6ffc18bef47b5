CREATE SCHEMA wrapped;
BEGIN;
CREATE TABLE wrapped.rooms (number integer);
COMMIT;
