INSERT INTO serial_further_than_its_rows.forms (name) VALUES ('Petition'), ('Answer'), ('Motion');

DELETE FROM serial_further_than_its_rows.forms WHERE name <> 'Answer';

SELECT pg_catalog.setval('serial_further_than_its_rows.forms_id_seq', 500, true);
