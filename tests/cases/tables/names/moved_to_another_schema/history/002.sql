ALTER TABLE moved_from.t SET SCHEMA moved;
ALTER TABLE moved.t ADD COLUMN a int;
