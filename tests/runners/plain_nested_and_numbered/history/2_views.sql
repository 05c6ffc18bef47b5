CREATE VIEW room_names AS SELECT name FROM rooms;
