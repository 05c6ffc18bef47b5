CREATE SEQUENCE own_sequence.numbers
    START WITH 100
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE own_sequence.t (
    id bigint NOT NULL DEFAULT nextval('own_sequence.numbers'),
    a int,
    b int
);
ALTER SEQUENCE own_sequence.numbers OWNED BY own_sequence.t.id;
