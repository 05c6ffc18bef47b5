CREATE SCHEMA insert_select;
CREATE TABLE insert_select.floors (number int PRIMARY KEY, label text);
CREATE TABLE insert_select.rooms (floor int REFERENCES insert_select.floors, number int, PRIMARY KEY (floor, number));
INSERT INTO insert_select.floors SELECT n, 'Floor ' || n FROM generate_series(1, 3) AS n;
INSERT INTO insert_select.rooms (floor, number)
SELECT number, n FROM insert_select.floors, generate_series(1, 2) AS n WHERE label <> 'Floor 2';
