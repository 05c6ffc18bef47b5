CREATE SCHEMA group_without_a_file;
CREATE TABLE group_without_a_file.bill (id integer PRIMARY KEY);
CREATE VIEW group_without_a_file.bills AS SELECT id FROM group_without_a_file.bill;
