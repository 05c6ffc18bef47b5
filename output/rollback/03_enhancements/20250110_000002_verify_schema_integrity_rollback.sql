-- Takes back migrations/03_enhancements/20250110_000002_verify_schema_integrity.sql.

DROP FUNCTION IF EXISTS public.verify_schema_integrity(text[]);
