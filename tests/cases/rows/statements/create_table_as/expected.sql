INSERT INTO create_table_as.visits VALUES ('2024-01-01', 3), ('2024-01-02', 4), ('2024-02-01', 5);

INSERT INTO create_table_as.months (month, visitors) VALUES
    ('2024-02-01', 5),
    ('2024-01-01', 7);

INSERT INTO create_table_as.visits VALUES ('2024-02-02', 6);
