CREATE SCHEMA constrained;
CREATE TABLE constrained.kinds (id integer CONSTRAINT pk_kinds_id PRIMARY KEY);
CREATE TABLE constrained.rooms (
    id integer,
    kind integer CONSTRAINT fk_rooms_kind REFERENCES constrained.kinds,
    CHECK (id > 0)
);
