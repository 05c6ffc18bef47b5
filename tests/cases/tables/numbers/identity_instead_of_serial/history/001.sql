CREATE SCHEMA identity_instead;
CREATE TABLE identity_instead.t (
    id serial PRIMARY KEY,
    a int
);
