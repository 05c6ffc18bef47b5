BEGIN;
CREATE TABLE wrapped.floors (number integer);
COMMIT;
