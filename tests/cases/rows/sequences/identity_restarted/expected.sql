INSERT INTO identity_restarted.forms (name) VALUES ('Petition'), ('Answer');

SELECT pg_catalog.setval('identity_restarted.forms_id_seq', 1000, false);
