CREATE SCHEMA key_to_a_later_file;
CREATE TABLE key_to_a_later_file.customer (id integer PRIMARY KEY);
CREATE TABLE key_to_a_later_file.bill (id integer PRIMARY KEY, customer integer REFERENCES key_to_a_later_file.customer);
INSERT INTO key_to_a_later_file.customer VALUES (1);
INSERT INTO key_to_a_later_file.bill VALUES (1, 1);
