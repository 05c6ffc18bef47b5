CREATE SCHEMA serial_renamed;
CREATE TABLE serial_renamed.t (
    id serial PRIMARY KEY, -- never reused
    a int
);
