CREATE SCHEMA app;
CREATE ROLE clerk NOLOGIN;
GRANT CREATE, USAGE ON SCHEMA app TO clerk;
SET search_path = app, public;
CREATE TABLE files (id int PRIMARY KEY, name text);
SET ROLE clerk;
CREATE TABLE notes (id int PRIMARY KEY, note text);
CREATE FUNCTION note_count() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM notes';
RESET ROLE;
