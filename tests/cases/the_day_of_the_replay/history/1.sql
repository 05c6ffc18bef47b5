CREATE TABLE shifts (id int PRIMARY KEY, worked_on date NOT NULL DEFAULT CURRENT_DATE, label text, old int);
INSERT INTO shifts (id, old) VALUES (1, 1), (2, 2);
INSERT INTO shifts (id, worked_on, label) VALUES (3, '2024-02-29', 'shift of ' || CURRENT_DATE);
ALTER TABLE shifts DROP COLUMN old;
