CREATE SCHEMA update_from;
CREATE TABLE update_from.units (code text PRIMARY KEY, factor numeric NOT NULL);
CREATE TABLE update_from.items (id int PRIMARY KEY, unit text, grams numeric);
INSERT INTO update_from.units VALUES ('kg', 1000), ('g', 1);
INSERT INTO update_from.items VALUES (1, 'kg', 2), (2, 'g', 500), (3, NULL, 7);
UPDATE update_from.items i SET grams = i.grams * u.factor FROM update_from.units u WHERE u.code = i.unit;
UPDATE update_from.items SET unit = 'g';
