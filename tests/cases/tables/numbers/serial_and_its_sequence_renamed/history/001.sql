CREATE SCHEMA serial_both;
CREATE TABLE serial_both.t (id bigserial, a int);
