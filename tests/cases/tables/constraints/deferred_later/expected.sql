CREATE TABLE deferred_later.p (id int PRIMARY KEY);

CREATE TABLE deferred_later.t (
    a int,
    b int,
    CONSTRAINT points FOREIGN KEY (a) REFERENCES deferred_later.p(id) DEFERRABLE INITIALLY DEFERRED
);
