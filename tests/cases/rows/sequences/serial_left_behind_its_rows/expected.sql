INSERT INTO serial_left_behind_its_rows.forms (id, name) VALUES (10, 'Petition'), (11, 'Answer');

INSERT INTO serial_left_behind_its_rows.forms (name) VALUES ('Motion');
