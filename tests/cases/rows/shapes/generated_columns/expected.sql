INSERT INTO generated_columns.boxes VALUES (1, 2, 3, DEFAULT);

INSERT INTO generated_columns.boxes (id, width, height) VALUES (2, 1.5, 4);

UPDATE generated_columns.boxes SET height = 5 WHERE area = 6;
