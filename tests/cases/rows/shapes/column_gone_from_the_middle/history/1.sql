CREATE SCHEMA column_gone_from_the_middle;
CREATE TABLE column_gone_from_the_middle.tickets (id int, legacy text, title text);
INSERT INTO column_gone_from_the_middle.tickets VALUES (1, 'x', 'Broken lamp');
ALTER TABLE column_gone_from_the_middle.tickets DROP COLUMN legacy;
INSERT INTO column_gone_from_the_middle.tickets VALUES (2, 'Cold room');
ALTER TABLE column_gone_from_the_middle.tickets ADD COLUMN legacy int DEFAULT 7;
