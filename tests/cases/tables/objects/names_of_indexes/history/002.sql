ALTER INDEX indexed.t_b_idx RENAME TO by_name;
ALTER INDEX indexed.by_a RENAME TO by_number;
ALTER TABLE indexed.t RENAME COLUMN a TO number;
