-- Migration: {{ path }}
-- Description: {{ title }}
-- Author: {{ author }}
-- Date: {{ date }}
-- Rollback: {{ rollback }}
--
-- Apply with: psql -X -1 -v ON_ERROR_STOP=1 -f THIS_FILE
-- psql opens the transaction; BEGIN and COMMIT do not belong here.

-- ============================================
-- MIGRATION UP
-- ============================================

-- Step 1:


-- Verification: what must be true now. Where it is not, nothing of this migration stays.
DO $verification$
BEGIN
    -- IF to_regclass('public.new_table') IS NULL THEN
    --     RAISE EXCEPTION 'public.new_table was not created';
    -- END IF;
END
$verification$;

-- ============================================
-- MIGRATION DOWN
-- ============================================
-- {{ rollback }}
-- takes it back. Write the two together:
-- `consolidate verify` applies both and compares the database before and after.

-- ============================================
-- NOTES
-- ============================================
-- Dependencies: applies after {{ after }}
-- Breaking changes:
-- Data migration:
-- Estimated duration:
