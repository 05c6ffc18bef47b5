CREATE TABLE table_renamed."The table" (
    id int CONSTRAINT t_id_not_null NOT NULL CONSTRAINT t_pkey PRIMARY KEY,
    up int CONSTRAINT t_up_fkey REFERENCES table_renamed."The table",
    a int CONSTRAINT t_a_not_null NOT NULL CONSTRAINT t_a_key UNIQUE CONSTRAINT t_a_check CHECK (a > 0)
);
