CREATE TABLE notices (id int, title text);
CREATE TABLE urgent_notices (level int) INHERITS (notices);
ALTER TABLE notices ADD COLUMN posted_on date;
INSERT INTO urgent_notices (id, title, level) VALUES (1, 'Fire drill', 3);
