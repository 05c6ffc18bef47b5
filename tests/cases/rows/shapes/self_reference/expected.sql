INSERT INTO self_reference.units VALUES (1, 'Court', NULL), (3, 'Clerk''s office', 1), (2, 'Records', 3);

INSERT INTO self_reference.units VALUES (4, 'Archive', 4);

UPDATE self_reference.units SET parent = 2 WHERE id = 1;

UPDATE self_reference.units SET code = 'U' || id;
