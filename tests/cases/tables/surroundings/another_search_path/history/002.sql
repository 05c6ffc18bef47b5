ALTER TABLE another_path.t ADD COLUMN b int;
