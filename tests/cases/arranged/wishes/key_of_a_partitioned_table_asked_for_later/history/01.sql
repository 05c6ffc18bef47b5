CREATE SCHEMA key_of_a_partitioned_table_asked_for_later;
CREATE TABLE key_of_a_partitioned_table_asked_for_later.buyer (id integer PRIMARY KEY);
CREATE TABLE key_of_a_partitioned_table_asked_for_later.bill (id integer, buyer integer REFERENCES key_of_a_partitioned_table_asked_for_later.buyer) PARTITION BY LIST (id);
CREATE TABLE key_of_a_partitioned_table_asked_for_later.bill_1 PARTITION OF key_of_a_partitioned_table_asked_for_later.bill FOR VALUES IN (1);
INSERT INTO key_of_a_partitioned_table_asked_for_later.buyer VALUES (1);
INSERT INTO key_of_a_partitioned_table_asked_for_later.bill VALUES (1, 1);
