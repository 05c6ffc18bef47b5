CREATE SCHEMA moved;
CREATE SCHEMA moved_from;
CREATE TABLE moved_from.t (
    id int PRIMARY KEY
);
