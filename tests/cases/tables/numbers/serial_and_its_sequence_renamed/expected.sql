CREATE TABLE serial_both.u (id bigserial CONSTRAINT t_id_not_null NOT NULL, a int);
