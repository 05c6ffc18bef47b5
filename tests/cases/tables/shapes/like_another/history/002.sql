ALTER TABLE like_another.t ADD COLUMN c int;
