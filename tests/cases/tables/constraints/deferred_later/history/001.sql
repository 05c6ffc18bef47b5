CREATE SCHEMA deferred_later;
CREATE TABLE deferred_later.p (id int PRIMARY KEY);
CREATE TABLE deferred_later.t (
    a int CONSTRAINT points REFERENCES deferred_later.p,
    b int
);
