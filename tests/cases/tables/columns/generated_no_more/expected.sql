CREATE TABLE ungenerated.t (
    a integer NOT NULL,
    b integer GENERATED ALWAYS AS IDENTITY, -- only for the old ones
    c integer NOT NULL,
    d integer
);
