INSERT INTO identity_always.cases (title) VALUES ('People v. Nobody');

INSERT INTO identity_always.cases OVERRIDING SYSTEM VALUE VALUES (100, 'In re Everything');

INSERT INTO identity_always.cases (title) VALUES ('Somebody v. Anybody');

UPDATE identity_always.cases SET id = DEFAULT WHERE id = 100;
