CREATE SCHEMA rows_moved_between_partitions;
CREATE TABLE rows_moved_between_partitions.events (id int, at date NOT NULL, what text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE rows_moved_between_partitions.y2023 PARTITION OF rows_moved_between_partitions.events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE rows_moved_between_partitions.y2024 PARTITION OF rows_moved_between_partitions.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE rows_moved_between_partitions.others PARTITION OF rows_moved_between_partitions.events DEFAULT;
INSERT INTO rows_moved_between_partitions.events VALUES (1, '2023-05-01', 'filed'), (2, '2024-05-01', 'heard'), (3, '1999-01-01', 'lost');
UPDATE rows_moved_between_partitions.events SET at = '2024-01-15' WHERE id = 1;
INSERT INTO rows_moved_between_partitions.y2023 VALUES (4, '2023-12-31', 'late');
