CREATE SCHEMA composites;
CREATE TYPE composites.address AS (street text, number int);
CREATE TYPE composites.contact AS (name text, home composites.address, phones text[]);
CREATE TABLE composites.people (id int PRIMARY KEY, contact composites.contact, work composites.address);
INSERT INTO composites.people VALUES
    (1, ROW('Ada, "the first"', ROW('Centre St', 100), ARRAY['1', '2,3']), '(Broadway,)'),
    (2, ROW(NULL, NULL, NULL), NULL),
    (3, '("","(""O''Hara\\\\ Rd"",7)",{})', '("",)');
UPDATE composites.people SET contact.name = 'Grace' WHERE id = 2;
ALTER TYPE composites.address ADD ATTRIBUTE zip text;
UPDATE composites.people SET work.zip = '10013' WHERE id = 1;
ALTER TABLE composites.people RENAME COLUMN id TO number;
