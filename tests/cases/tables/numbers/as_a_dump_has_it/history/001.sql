CREATE SCHEMA dumped;
CREATE TABLE dumped.t (
    id integer NOT NULL, -- never reused
    small smallint DEFAULT 7 NOT NULL,
    spaced bigint NOT NULL,
    free bigint,
    a int
);
CREATE SEQUENCE dumped.t_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE dumped.t_id_seq OWNED BY dumped.t.id;
CREATE SEQUENCE dumped.t_small_seq AS smallint;
ALTER SEQUENCE dumped.t_small_seq OWNED BY dumped.t.small;
CREATE SEQUENCE dumped.t_spaced_seq INCREMENT BY 10;
ALTER SEQUENCE dumped.t_spaced_seq OWNED BY dumped.t.spaced;
CREATE SEQUENCE dumped.t_free_seq;
ALTER SEQUENCE dumped.t_free_seq OWNED BY dumped.t.free;
