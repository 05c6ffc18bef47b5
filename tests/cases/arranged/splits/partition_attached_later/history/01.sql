CREATE SCHEMA partition_attached_later;
CREATE TABLE partition_attached_later.log_2024 (at date NOT NULL, said text);
INSERT INTO partition_attached_later.log_2024 VALUES ('2024-05-01', 'may');
CREATE TABLE partition_attached_later.log (at date NOT NULL, said text) PARTITION BY RANGE (at);
ALTER TABLE partition_attached_later.log ATTACH PARTITION partition_attached_later.log_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
