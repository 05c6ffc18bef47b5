CREATE SCHEMA backfilled;
CREATE TABLE backfilled.people (first_name text, last_name text);
INSERT INTO backfilled.people VALUES ('Ada', 'Lovelace');
