CREATE SCHEMA enums_and_domains;
CREATE TYPE enums_and_domains.state AS ENUM ('open', 'it''s done');
CREATE DOMAIN enums_and_domains.percent AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN enums_and_domains.states AS enums_and_domains.state[] NOT NULL;
CREATE TABLE enums_and_domains.jobs (id int PRIMARY KEY, state enums_and_domains.state, done enums_and_domains.percent, was enums_and_domains.states);
DO $rows$ BEGIN
INSERT INTO enums_and_domains.jobs VALUES (1, 'open', 12.5, '{}'), (2, 'it''s done', 100, '{open}');
END $rows$;
