CREATE TABLE b ();
-- Down Migration
DROP TABLE b;
