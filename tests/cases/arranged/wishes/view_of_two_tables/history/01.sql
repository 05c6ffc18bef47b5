CREATE SCHEMA view_of_two_tables;
CREATE TABLE view_of_two_tables.bill (id integer PRIMARY KEY);
CREATE TABLE view_of_two_tables.buyer (id integer PRIMARY KEY);
CREATE TABLE view_of_two_tables.weather (degrees integer);
CREATE VIEW view_of_two_tables.bills AS SELECT id FROM view_of_two_tables.bill;
CREATE VIEW view_of_two_tables.ids AS SELECT bill.id, buyer.id AS buyer FROM view_of_two_tables.bill, view_of_two_tables.buyer;
