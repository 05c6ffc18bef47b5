-- Schemas, shared types, the form numbers and the updated_at function
-- Rollback: rollback/00_initial/20250101_000000_initial_schema_rollback.sql
-- From: 20231106_profiles.sql:2-5, 22
--       20240115_updated_at.sql:2-7
--       20240617_more_room_types.sql:4
--       20241105_archive.sql:1-2
--       20250106_form_numbers.sql:2-3

-- Only for a database that holds none of this yet; the check leaves nothing behind.
DO $guard$
DECLARE
    advice CONSTANT text := 'These files build a new database. '
        'Where the old migrations ran, record these as applied instead of applying them.';
    found text;
    applied bigint;
BEGIN
    SELECT pg_catalog.string_agg(name, ', ' ORDER BY number) INTO found
    FROM pg_catalog.unnest(ARRAY[
        'public.building_types',
        'public.buildings',
        'public.floors',
        'public.profiles',
        'public.rooms',
        'archive.court_schedules_old',
        'public.tickets',
        'public.court_terms',
        'public.term_assignments',
        'public.departments'
    ]) WITH ORDINALITY AS main (name, number)
    WHERE pg_catalog.to_regclass(name) IS NOT NULL;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'this database already holds what these migrations make: %', found
            USING HINT = advice;
    END IF;
    IF pg_catalog.to_regclass('supabase_migrations.schema_migrations') IS NOT NULL THEN
        EXECUTE 'SELECT pg_catalog.count(*) FROM supabase_migrations.schema_migrations'
            INTO applied;
        IF applied > 0 THEN
            RAISE EXCEPTION '% migrations are already recorded in this database', applied
                USING HINT = advice;
        END IF;
    END IF;
END
$guard$;

-- Profiles.  One row per person, same id as auth.users
CREATE DOMAIN public.email_address AS text
	CONSTRAINT email_address_length CHECK ((length(VALUE) <= 254))
	CONSTRAINT email_address_shape CHECK ((VALUE ~* '^[^@[:space:]]+@[^@[:space:]]+[.][a-z]+$'::text));

CREATE TYPE public.user_role AS ENUM ('staff', 'administrator', 'judge');

-- updated_at, once and for all
create or replace function set_updated_at() returns trigger as $$
begin
  new.updated_at := now();
  return new;
end;
$$ language plpgsql;

CREATE SCHEMA IF NOT EXISTS archive;
COMMENT ON SCHEMA archive IS 'old things, read only';

-- paper forms share ONE running number (tickets now, key orders later)
CREATE SEQUENCE form_number_seq START WITH 1001;
COMMENT ON SEQUENCE public.form_number_seq IS 'one number range for all paper forms';
