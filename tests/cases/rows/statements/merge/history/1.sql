CREATE SCHEMA merge;
CREATE TABLE merge.stock (item text PRIMARY KEY, pieces int NOT NULL);
CREATE TABLE merge.deliveries (item text, pieces int);
INSERT INTO merge.stock VALUES ('chair', 5), ('desk', 2), ('lamp', 1);
INSERT INTO merge.deliveries VALUES ('chair', 3), ('gavel', 9), ('lamp', -1);
MERGE INTO merge.stock s USING merge.deliveries d ON d.item = s.item
WHEN MATCHED AND s.pieces + d.pieces = 0 THEN DELETE
WHEN MATCHED THEN UPDATE SET pieces = s.pieces + d.pieces
WHEN NOT MATCHED THEN INSERT VALUES (d.item, d.pieces);
