CREATE SCHEMA column_asked_for_elsewhere;
CREATE TABLE column_asked_for_elsewhere.bill (id integer PRIMARY KEY, amount integer);
