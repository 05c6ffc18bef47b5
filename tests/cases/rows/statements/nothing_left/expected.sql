INSERT INTO nothing_left.published VALUES (1, 'at last') ON CONFLICT DO NOTHING;

SELECT pg_catalog.setval('nothing_left.drafts_id_seq', 2, true);
