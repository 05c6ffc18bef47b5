ALTER TABLE own_sequence.t ADD COLUMN b int;
