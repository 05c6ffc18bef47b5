CREATE SCHEMA table_renamed_after_its_rows;
CREATE TABLE table_renamed_after_its_rows.users (id int PRIMARY KEY, email text);
INSERT INTO table_renamed_after_its_rows.users VALUES (1, 'ada@example.org');
ALTER TABLE table_renamed_after_its_rows.users RENAME TO accounts;
ALTER TABLE table_renamed_after_its_rows.accounts RENAME COLUMN email TO login;
CREATE TABLE table_renamed_after_its_rows.users (id int PRIMARY KEY, account int REFERENCES table_renamed_after_its_rows.accounts);
INSERT INTO table_renamed_after_its_rows.users VALUES (7, 1);
