ALTER TABLE last_dropped.t DROP COLUMN b;
