CREATE SCHEMA keys_of_three_tables;
CREATE TABLE keys_of_three_tables.a (id integer PRIMARY KEY, b integer);
CREATE TABLE keys_of_three_tables.c (id integer PRIMARY KEY, a integer REFERENCES keys_of_three_tables.a);
CREATE TABLE keys_of_three_tables.b (id integer PRIMARY KEY, c integer REFERENCES keys_of_three_tables.c);
INSERT INTO keys_of_three_tables.a VALUES (1, NULL);
INSERT INTO keys_of_three_tables.c VALUES (3, 1);
INSERT INTO keys_of_three_tables.b VALUES (2, 3);
UPDATE keys_of_three_tables.a SET b = 2;
ALTER TABLE keys_of_three_tables.a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES keys_of_three_tables.b DEFERRABLE INITIALLY DEFERRED;
