INSERT INTO backfill_through_a_vanished_column.people VALUES (1, 'Ada', 'Lovelace'), (2, 'Grace', 'Hopper');

INSERT INTO backfill_through_a_vanished_column.people VALUES (3, 'Emmy', 'Noether');
