CREATE OR REPLACE VIEW staff AS SELECT id, title, phone FROM profiles;
