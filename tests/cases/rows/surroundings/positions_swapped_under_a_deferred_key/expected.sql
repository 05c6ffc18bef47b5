INSERT INTO positions_swapped_under_a_deferred_key.menu VALUES (1, 1), (2, 2), (3, 3);

UPDATE positions_swapped_under_a_deferred_key.menu SET position = 4 - position;
