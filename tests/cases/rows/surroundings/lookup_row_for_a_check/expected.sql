INSERT INTO lookup_row_for_a_check.kinds VALUES ('chair'), ('desk');

INSERT INTO lookup_row_for_a_check.assets VALUES (1, 'desk');
