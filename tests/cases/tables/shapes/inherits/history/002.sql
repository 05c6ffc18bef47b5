ALTER TABLE inherits.t ADD COLUMN c int;
