CREATE SCHEMA sequence_asked_for_earlier;
CREATE TABLE sequence_asked_for_earlier.bill (id serial PRIMARY KEY, amount integer);
INSERT INTO sequence_asked_for_earlier.bill (amount) VALUES (1);
