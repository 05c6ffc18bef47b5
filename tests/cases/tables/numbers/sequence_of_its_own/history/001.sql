CREATE SCHEMA own_sequence;
CREATE SEQUENCE own_sequence.numbers START 100;
CREATE TABLE own_sequence.t (
    id bigint NOT NULL DEFAULT nextval('own_sequence.numbers'),
    a int
);
ALTER SEQUENCE own_sequence.numbers OWNED BY own_sequence.t.id;
