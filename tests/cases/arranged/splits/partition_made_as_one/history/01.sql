CREATE SCHEMA partition_made_as_one;
CREATE TABLE partition_made_as_one.log (at date NOT NULL, said text) PARTITION BY RANGE (at);
CREATE TABLE partition_made_as_one.log_2024 PARTITION OF partition_made_as_one.log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
INSERT INTO partition_made_as_one.log VALUES ('2024-05-01', 'may');
