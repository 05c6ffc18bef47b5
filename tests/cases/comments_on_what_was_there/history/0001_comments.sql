COMMENT ON EXTENSION plpgsql IS 'What our functions are written in';
COMMENT ON DATABASE postgres IS 'Ours: 100 %, it''s so';
COMMENT ON SCHEMA public IS NULL;
COMMENT ON ROLE postgres IS 'Runs the migrations';
CREATE TABLE notes (id integer PRIMARY KEY);
