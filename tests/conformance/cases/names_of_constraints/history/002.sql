ALTER TABLE constrained.rooms ADD CONSTRAINT room_has_a_kind FOREIGN KEY (kind) REFERENCES constrained.kinds;
ALTER TABLE constrained.rooms ADD CONSTRAINT positive CHECK (id > 0);
