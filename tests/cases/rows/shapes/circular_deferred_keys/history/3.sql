INSERT INTO circular_deferred_keys.husbands VALUES (3, 20);
