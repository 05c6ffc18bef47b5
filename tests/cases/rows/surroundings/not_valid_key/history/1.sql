CREATE SCHEMA not_valid_key;
CREATE TABLE not_valid_key.parents (id int PRIMARY KEY);
CREATE TABLE not_valid_key.children (id int PRIMARY KEY, parent int);
INSERT INTO not_valid_key.parents VALUES (1);
INSERT INTO not_valid_key.children VALUES (1, 1), (2, 99);
ALTER TABLE not_valid_key.children ADD CONSTRAINT to_parent FOREIGN KEY (parent) REFERENCES not_valid_key.parents NOT VALID;
INSERT INTO not_valid_key.children VALUES (3, 1);
