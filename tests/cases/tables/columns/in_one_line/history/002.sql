ALTER TABLE one_line.short ADD COLUMN c int;
ALTER TABLE one_line.long ADD COLUMN another_column_with_a_name text NOT NULL DEFAULT 'nothing yet';
