INSERT INTO identity_by_default.cases (title) VALUES ('first');

INSERT INTO identity_by_default.cases VALUES (7, 'own number');

INSERT INTO identity_by_default.cases OVERRIDING USER VALUE VALUES (8, 'number not taken');
