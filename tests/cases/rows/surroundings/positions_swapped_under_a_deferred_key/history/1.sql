CREATE SCHEMA positions_swapped_under_a_deferred_key;
CREATE TABLE positions_swapped_under_a_deferred_key.menu (id int PRIMARY KEY, position int UNIQUE DEFERRABLE INITIALLY DEFERRED);
INSERT INTO positions_swapped_under_a_deferred_key.menu VALUES (1, 1), (2, 2), (3, 3);
UPDATE positions_swapped_under_a_deferred_key.menu SET position = 4 - position;
