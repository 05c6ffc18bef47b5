START TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SET LOCAL search_path = pg_temp, public;
CREATE TABLE public.in_two (id integer REFERENCES kept);
COMMIT AND CHAIN;
INSERT INTO in_two VALUES (1);
END;
CREATE TABLE never (really integer);
COPY never FROM stdin;
5
\.
BEGIN;
COPY never FROM stdin;
6
\.
ABORT;
CREATE INDEX CONCURRENTLY never_really ON never (really);
