CREATE SCHEMA view_of_its_own_row_type;
CREATE TABLE view_of_its_own_row_type.item (id integer PRIMARY KEY, price integer NOT NULL);
CREATE VIEW view_of_its_own_row_type.dear AS SELECT id, price FROM view_of_its_own_row_type.item;
