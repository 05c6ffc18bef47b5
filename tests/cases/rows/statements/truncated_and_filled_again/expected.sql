INSERT INTO truncated_and_filled_again.kinds (id, name) VALUES
    (1, 'new');

INSERT INTO truncated_and_filled_again.things (kind, name) VALUES
    (1, 'pen');

SELECT pg_catalog.setval('truncated_and_filled_again.kinds_id_seq', 1, true);
