CREATE TABLE over_an_index.t (
    a int NOT NULL,
    CONSTRAINT t_pkey PRIMARY KEY (a)
);
