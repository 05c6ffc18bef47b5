CREATE SCHEMA key_between_partitioned_tables;
CREATE TABLE key_between_partitioned_tables.kind (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE key_between_partitioned_tables.kind_1 PARTITION OF key_between_partitioned_tables.kind FOR VALUES FROM (0) TO (100);
CREATE TABLE key_between_partitioned_tables.log (kind integer REFERENCES key_between_partitioned_tables.kind, said text) PARTITION BY LIST (kind);
CREATE TABLE key_between_partitioned_tables.log_1 PARTITION OF key_between_partitioned_tables.log FOR VALUES IN (1);
INSERT INTO key_between_partitioned_tables.kind VALUES (1);
INSERT INTO key_between_partitioned_tables.log VALUES (1, 'a');
