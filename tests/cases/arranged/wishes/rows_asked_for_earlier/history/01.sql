CREATE SCHEMA rows_asked_for_earlier;
CREATE TABLE rows_asked_for_earlier.bill (id integer PRIMARY KEY);
INSERT INTO rows_asked_for_earlier.bill VALUES (1);
