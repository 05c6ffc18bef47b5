-- Takes back migrations/00_initial/20250101_000000_initial_schema.sql.
-- Run it only when every later file is taken back.

DROP SEQUENCE IF EXISTS public.form_number_seq;
DROP SCHEMA IF EXISTS archive;
DROP FUNCTION IF EXISTS public.set_updated_at();
DROP TYPE IF EXISTS public.user_role;
DROP TYPE IF EXISTS public.email_address;
