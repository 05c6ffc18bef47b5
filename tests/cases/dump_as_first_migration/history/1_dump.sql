--
-- PostgreSQL database dump
--

\restrict aQ3kT0ysv6uYwVjzGq0aG5V1yB9sF0oXnUe

-- Dumped from database version 15.4
-- Dumped by pg_dump version 15.4

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: ledger; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA ledger;


ALTER SCHEMA ledger OWNER TO postgres;

--
-- Name: total(bigint); Type: FUNCTION; Schema: ledger; Owner: postgres
--

CREATE FUNCTION ledger.total(account bigint) RETURNS numeric
    LANGUAGE sql
    AS $_$ SELECT sum(amount) FROM ledger.entries WHERE entries.account = $1 $_$;


ALTER FUNCTION ledger.total(account bigint) OWNER TO postgres;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: entries; Type: TABLE; Schema: ledger; Owner: postgres
--

CREATE TABLE ledger.entries (
    id bigint NOT NULL,
    account bigint NOT NULL,
    amount numeric DEFAULT 0
);


ALTER TABLE ledger.entries OWNER TO postgres;

CREATE SEQUENCE ledger.entries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE ledger.entries_id_seq OWNER TO postgres;

ALTER SEQUENCE ledger.entries_id_seq OWNED BY ledger.entries.id;

ALTER TABLE ONLY ledger.entries ALTER COLUMN id SET DEFAULT nextval('ledger.entries_id_seq'::regclass);

COPY ledger.entries (id, account, amount) FROM stdin;
1	7	2.50
2	7	\N
\.

SELECT pg_catalog.setval('ledger.entries_id_seq', 2, true);

ALTER TABLE ONLY ledger.entries
    ADD CONSTRAINT entries_pkey PRIMARY KEY (id);

CREATE INDEX entries_account ON ledger.entries USING btree (account);

--
-- PostgreSQL database dump complete
--

\unrestrict aQ3kT0ysv6uYwVjzGq0aG5V1yB9sF0oXnUe

