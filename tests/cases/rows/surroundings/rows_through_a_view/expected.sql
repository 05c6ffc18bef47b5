INSERT INTO rows_through_a_view.judges VALUES (1, 'Ada'), (2, 'Grace');

UPDATE rows_through_a_view.judges SET name = 'Emmy' WHERE id = 2;
