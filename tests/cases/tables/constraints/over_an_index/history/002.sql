CREATE UNIQUE INDEX t_a ON over_an_index.t (a);
ALTER TABLE over_an_index.t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_a;
