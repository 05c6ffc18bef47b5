INSERT INTO notes SELECT 1, id, 'first' FROM profiles;
