ALTER TABLE remarked.t ADD COLUMN b int;
