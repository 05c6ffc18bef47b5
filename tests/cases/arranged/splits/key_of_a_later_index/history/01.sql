CREATE SCHEMA key_of_a_later_index;
CREATE TABLE key_of_a_later_index.customer (id integer PRIMARY KEY, code text);
CREATE UNIQUE INDEX customer_code ON key_of_a_later_index.customer (code);
CREATE TABLE key_of_a_later_index.bill (id integer PRIMARY KEY, customer text REFERENCES key_of_a_later_index.customer (code));
