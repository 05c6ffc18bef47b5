CREATE SCHEMA index_of_a_partition;
CREATE TABLE index_of_a_partition.log (at date NOT NULL, said text) PARTITION BY RANGE (at);
CREATE TABLE index_of_a_partition.log_2024 PARTITION OF index_of_a_partition.log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX log_said ON ONLY index_of_a_partition.log (said);
CREATE INDEX log_2024_said ON index_of_a_partition.log_2024 (said);
ALTER INDEX index_of_a_partition.log_said ATTACH PARTITION index_of_a_partition.log_2024_said;
