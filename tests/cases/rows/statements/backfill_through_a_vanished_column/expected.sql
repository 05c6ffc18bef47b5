INSERT INTO backfill_through_a_vanished_column.people (id, first_name, last_name) VALUES
    (1, 'Ada', 'Lovelace'),
    (2, 'Grace', 'Hopper'),
    (3, 'Emmy', 'Noether');
