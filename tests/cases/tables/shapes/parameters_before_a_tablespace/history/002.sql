ALTER TABLE before_a_tablespace.t SET (fillfactor = 80);
