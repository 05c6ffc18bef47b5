INSERT INTO sequence_of_nobody.tickets (told) VALUES ('lamp');

INSERT INTO sequence_of_nobody.orders (told) VALUES ('paper');

INSERT INTO sequence_of_nobody.tickets (told) VALUES ('door');

SELECT pg_catalog.setval('sequence_of_nobody.numbers', 103, true);

SELECT pg_catalog.setval('sequence_of_nobody.unused', 1, true);
