CREATE SCHEMA sequence_owned_by_a_later_table;
CREATE SEQUENCE sequence_owned_by_a_later_table.numbers;
CREATE TABLE sequence_owned_by_a_later_table.early (id integer PRIMARY KEY DEFAULT nextval('sequence_owned_by_a_later_table.numbers'));
CREATE TABLE sequence_owned_by_a_later_table.late (id integer PRIMARY KEY DEFAULT nextval('sequence_owned_by_a_later_table.numbers'));
ALTER SEQUENCE sequence_owned_by_a_later_table.numbers OWNED BY sequence_owned_by_a_later_table.late.id;
INSERT INTO sequence_owned_by_a_later_table.early DEFAULT VALUES;
INSERT INTO sequence_owned_by_a_later_table.late DEFAULT VALUES;
