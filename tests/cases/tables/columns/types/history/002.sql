ALTER TABLE types_of.t ALTER COLUMN a TYPE bigint;
-- Sorted as people do.
ALTER TABLE types_of.t ALTER b SET DATA TYPE text COLLATE "POSIX", ALTER COLUMN c TYPE numeric(8, 2) USING c::numeric;
ALTER TABLE types_of.t ALTER COLUMN d TYPE varchar(40);
ALTER TABLE types_of.t ALTER COLUMN e TYPE bigint[];
