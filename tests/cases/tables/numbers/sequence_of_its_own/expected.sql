CREATE SEQUENCE own_sequence.numbers START WITH 100;
CREATE TABLE own_sequence.t (
    id bigint NOT NULL DEFAULT nextval('own_sequence.numbers'),
    a int,
    b int
);
ALTER SEQUENCE own_sequence.numbers OWNED BY own_sequence.t.id;
