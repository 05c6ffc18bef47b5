INSERT INTO trigger_that_changes_rows.emails VALUES (1, ' Early@Example.org');

INSERT INTO trigger_that_changes_rows.emails VALUES (2, ' Late@Example.org');

UPDATE trigger_that_changes_rows.emails SET address = 'Twice@Example.org' WHERE id = 2;
