CREATE VIEW staff AS SELECT id, title FROM profiles WHERE title IS NOT NULL;
