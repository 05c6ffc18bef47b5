CREATE SEQUENCE dumped.t_free_seq;
CREATE SEQUENCE dumped.t_spaced_seq START WITH 1 INCREMENT BY 10;
CREATE TABLE dumped.t (
    id serial, -- never reused
    small smallserial,
    spaced bigint NOT NULL DEFAULT nextval('dumped.t_spaced_seq'::regclass),
    free bigint DEFAULT nextval('dumped.t_free_seq'::regclass),
    a int,
    CONSTRAINT t_pkey PRIMARY KEY (id)
);
ALTER SEQUENCE dumped.t_free_seq OWNED BY dumped.t.free;
ALTER SEQUENCE dumped.t_spaced_seq OWNED BY dumped.t.spaced;
