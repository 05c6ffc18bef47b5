CREATE UNIQUE INDEX kinds_code ON indexed_target.kinds (code);
ALTER TABLE indexed_target.rooms ADD FOREIGN KEY (kind) REFERENCES indexed_target.kinds (code);
