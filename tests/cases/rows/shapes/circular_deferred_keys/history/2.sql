BEGIN;
INSERT INTO circular_deferred_keys.husbands VALUES (1, 10), (2, 20);
INSERT INTO circular_deferred_keys.wives VALUES (20, 2), (10, 1);
COMMIT;
