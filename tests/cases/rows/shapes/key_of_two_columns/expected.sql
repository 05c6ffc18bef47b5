INSERT INTO key_of_two_columns.rooms VALUES ('A', 1), ('A', 2);

INSERT INTO key_of_two_columns.bookings VALUES (1, 'A', 1), (2, NULL, NULL), (3, 'A', 2);

UPDATE key_of_two_columns.rooms SET building = 'B' WHERE number = 2;
