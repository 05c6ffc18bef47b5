ALTER TABLE key_log ADD COLUMN holder uuid;
