CREATE SCHEMA check_asked_for_later;
CREATE TABLE check_asked_for_later.bill (id integer PRIMARY KEY, amount integer CHECK (amount > 0));
INSERT INTO check_asked_for_later.bill VALUES (1, 1);
