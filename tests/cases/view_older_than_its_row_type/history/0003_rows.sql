CREATE TEMPORARY TABLE incoming (id integer, name text);
COPY incoming FROM stdin;
1	North \\ "east"
2	\N
3	it's
\.
DELETE FROM incoming WHERE name IS NULL;
INSERT INTO teams SELECT id, name FROM incoming;
ALTER TABLE teams ADD COLUMN status status NOT NULL DEFAULT 'it''s old';
COMMENT ON TABLE teams IS 'Those who work together';
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO clerk;
GRANT CONNECT ON DATABASE postgres TO clerk;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
