CREATE SCHEMA view_before_its_tables;
CREATE TABLE view_before_its_tables.item (id integer PRIMARY KEY, price integer);
CREATE VIEW view_before_its_tables.cheap AS SELECT * FROM view_before_its_tables.item WHERE price < 10;
CREATE VIEW view_before_its_tables.cheapest AS SELECT * FROM view_before_its_tables.cheap WHERE price < 1;
