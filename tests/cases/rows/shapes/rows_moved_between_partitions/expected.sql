INSERT INTO rows_moved_between_partitions.events VALUES (1, '2023-05-01', 'filed'), (2, '2024-05-01', 'heard'), (3, '1999-01-01', 'lost');

UPDATE rows_moved_between_partitions.events SET at = '2024-01-15' WHERE id = 1;

INSERT INTO rows_moved_between_partitions.y2023 VALUES (4, '2023-12-31', 'late');
