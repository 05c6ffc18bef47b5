ALTER TABLE from_a_query.t ADD COLUMN b int;
