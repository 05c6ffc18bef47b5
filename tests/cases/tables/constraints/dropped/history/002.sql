ALTER TABLE constraints_dropped.t DROP CONSTRAINT t_a_key, DROP CONSTRAINT positive;
ALTER TABLE constraints_dropped.t DROP CONSTRAINT alike;
ALTER TABLE constraints_dropped.t DROP CONSTRAINT t_c_check1;
