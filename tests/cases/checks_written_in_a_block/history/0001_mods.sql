CREATE TABLE mods (id integer PRIMARY KEY, kept integer);
ALTER TABLE mods ADD COLUMN title varchar(40) NOT NULL DEFAULT '',
    ADD COLUMN review varchar(64) NOT NULL DEFAULT 'reviewed'
    CHECK (review IN ('reviewed', 'pending'));
