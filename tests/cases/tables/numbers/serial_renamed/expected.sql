CREATE SEQUENCE serial_renamed.t_id_seq AS integer;
CREATE TABLE serial_renamed.u (
    id integer CONSTRAINT t_id_not_null NOT NULL DEFAULT nextval('serial_renamed.t_id_seq'::regclass) CONSTRAINT t_pkey PRIMARY KEY, -- never reused
    a int
);
ALTER SEQUENCE serial_renamed.t_id_seq OWNED BY serial_renamed.u.id;
