ALTER TABLE courts ADD COLUMN seal text;
