CREATE SCHEMA key_of_two_columns;
CREATE TABLE key_of_two_columns.rooms (building text, number int, PRIMARY KEY (building, number));
CREATE TABLE key_of_two_columns.bookings (
    id int PRIMARY KEY, building text, room int, FOREIGN KEY (building, room) REFERENCES key_of_two_columns.rooms MATCH FULL ON UPDATE CASCADE);
INSERT INTO key_of_two_columns.rooms VALUES ('A', 1), ('A', 2);
INSERT INTO key_of_two_columns.bookings VALUES (1, 'A', 1), (2, NULL, NULL), (3, 'A', 2);
UPDATE key_of_two_columns.rooms SET building = 'B' WHERE number = 2;
