CREATE SCHEMA not_valid_check;
CREATE TABLE not_valid_check.keys (id int PRIMARY KEY, label text);
INSERT INTO not_valid_check.keys VALUES (1, 'M-1'), (2, 'K-0002');
ALTER TABLE not_valid_check.keys ADD CONSTRAINT label_is_numbered CHECK (label ~ '^K-\d{4}$') NOT VALID;
INSERT INTO not_valid_check.keys VALUES (3, 'K-0003');
