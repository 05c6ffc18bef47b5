CREATE SCHEMA backfilled;
CREATE TABLE backfilled.people (name text);
INSERT INTO backfilled.people VALUES (NULL);
