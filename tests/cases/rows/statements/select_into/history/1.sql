CREATE SCHEMA select_into;
CREATE TABLE select_into.staff (id int PRIMARY KEY, name text, retired boolean NOT NULL DEFAULT false);
INSERT INTO select_into.staff VALUES (1, 'Ada', true), (2, 'Grace', false);
SELECT id, name INTO select_into.retired FROM select_into.staff WHERE retired;
DELETE FROM select_into.staff WHERE retired;
ALTER TABLE select_into.staff DROP COLUMN retired;
