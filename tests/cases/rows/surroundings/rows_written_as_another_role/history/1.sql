CREATE SCHEMA rows_written_as_another_role;
CREATE ROLE rows_writer;
GRANT USAGE ON SCHEMA rows_written_as_another_role TO rows_writer;
CREATE TABLE rows_written_as_another_role.entries (id int PRIMARY KEY, by_whom text NOT NULL DEFAULT current_user);
GRANT INSERT ON rows_written_as_another_role.entries TO rows_writer;
INSERT INTO rows_written_as_another_role.entries VALUES (1);
SET ROLE rows_writer;
INSERT INTO rows_written_as_another_role.entries VALUES (2);
RESET ROLE;
