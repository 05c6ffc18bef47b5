CREATE SCHEMA check_that_is_not_valid;
CREATE TABLE check_that_is_not_valid.entry (id integer PRIMARY KEY, code text);
INSERT INTO check_that_is_not_valid.entry VALUES (1, 'OLD');
