BEGIN;
CREATE SCHEMA wrapped;
CREATE TABLE wrapped.rooms (number integer);
COMMIT;
BEGIN;
CREATE TABLE wrapped.floors (number integer);
COMMIT;
