INSERT INTO inheritance.places VALUES (1, 'Lobby');

INSERT INTO inheritance.courtrooms VALUES (2, 'Part 7', 'Ada');

UPDATE inheritance.places SET name = upper(name);

INSERT INTO inheritance.places VALUES (3, 'Garage');
