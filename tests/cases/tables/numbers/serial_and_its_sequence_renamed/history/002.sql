ALTER TABLE serial_both.t RENAME TO u;
ALTER SEQUENCE serial_both.t_id_seq RENAME TO u_id_seq;
