CREATE SCHEMA self_reference;
CREATE TABLE self_reference.units (id int PRIMARY KEY, name text NOT NULL, parent int REFERENCES self_reference.units);
INSERT INTO self_reference.units VALUES (1, 'Court', NULL), (3, 'Clerk''s office', 1), (2, 'Records', 3);
INSERT INTO self_reference.units VALUES (4, 'Archive', 4);
UPDATE self_reference.units SET parent = 2 WHERE id = 1;
ALTER TABLE self_reference.units ADD COLUMN code text;
UPDATE self_reference.units SET code = 'U' || id;
