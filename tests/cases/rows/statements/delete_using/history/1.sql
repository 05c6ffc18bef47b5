CREATE SCHEMA delete_using;
CREATE TABLE delete_using.users (id int PRIMARY KEY, email text NOT NULL);
CREATE TABLE delete_using.banned (email text PRIMARY KEY);
INSERT INTO delete_using.users VALUES (1, 'ada@example.org'), (2, 'eve@example.org'), (3, 'grace@example.org');
INSERT INTO delete_using.banned VALUES ('eve@example.org');
DELETE FROM delete_using.users u USING delete_using.banned b WHERE b.email = u.email;
