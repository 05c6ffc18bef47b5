CREATE SCHEMA check_of_a_later_table;
CREATE TABLE check_of_a_later_table.allowed (code text PRIMARY KEY);
INSERT INTO check_of_a_later_table.allowed VALUES ('a');
CREATE FUNCTION check_of_a_later_table.is_allowed(code text) RETURNS boolean LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT EXISTS (SELECT FROM check_of_a_later_table.allowed a WHERE a.code = is_allowed.code); END;
CREATE TABLE check_of_a_later_table.entry (id integer PRIMARY KEY, code text CONSTRAINT known CHECK (check_of_a_later_table.is_allowed(code)));
INSERT INTO check_of_a_later_table.entry VALUES (1, 'a');
