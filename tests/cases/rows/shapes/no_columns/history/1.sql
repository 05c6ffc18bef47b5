CREATE SCHEMA no_columns;
CREATE TABLE no_columns.marks ();
INSERT INTO no_columns.marks DEFAULT VALUES;
INSERT INTO no_columns.marks DEFAULT VALUES;
CREATE TABLE no_columns.emptied (gone int);
INSERT INTO no_columns.emptied VALUES (1), (2), (3);
ALTER TABLE no_columns.emptied DROP COLUMN gone;
