ALTER TABLE rows_between.t ADD COLUMN c int;
UPDATE rows_between.t SET c = a * 10, b = coalesce(b, 'none');
ALTER TABLE rows_between.t ALTER COLUMN c SET NOT NULL, ALTER COLUMN b SET NOT NULL;
