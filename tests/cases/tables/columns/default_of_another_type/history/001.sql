CREATE SCHEMA default_of;
CREATE TABLE default_of.t (
    a int,
    b timestamp NOT NULL DEFAULT '1970-01-01'
);
