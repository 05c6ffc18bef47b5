-- Takes back migrations/00_initial/20250101_000000_initial_schema.sql.
-- Run it only when every later file is taken back.
-- It takes one transaction: psql -1, or BEGIN and COMMIT. Without one all of this is refused.
SET default_transaction_read_only = on;

DROP SEQUENCE IF EXISTS public.form_number_seq;
DROP SCHEMA IF EXISTS archive;
DROP FUNCTION IF EXISTS public.set_updated_at();
DROP TYPE IF EXISTS public.user_role;
DROP TYPE IF EXISTS public.email_address;
RESET default_transaction_read_only;
