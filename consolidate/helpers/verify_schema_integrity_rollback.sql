DROP FUNCTION IF EXISTS public.verify_schema_integrity(text[]);
