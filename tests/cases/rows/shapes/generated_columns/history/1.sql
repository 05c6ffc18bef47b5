CREATE SCHEMA generated_columns;
CREATE TABLE generated_columns.boxes (
    id int PRIMARY KEY, width numeric NOT NULL, height numeric NOT NULL, area numeric GENERATED ALWAYS AS (width * height) STORED);
INSERT INTO generated_columns.boxes VALUES (1, 2, 3, DEFAULT);
INSERT INTO generated_columns.boxes (id, width, height) VALUES (2, 1.5, 4);
UPDATE generated_columns.boxes SET height = 5 WHERE area = 6;
ALTER TABLE generated_columns.boxes ADD COLUMN label text GENERATED ALWAYS AS ('box ' || id) STORED;
