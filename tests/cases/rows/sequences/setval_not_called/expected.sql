INSERT INTO setval_not_called.forms (name) VALUES ('Petition');

SELECT pg_catalog.setval('setval_not_called.forms_id_seq', 2, false);
