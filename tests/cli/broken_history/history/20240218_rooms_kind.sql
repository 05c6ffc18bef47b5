ALTER TABLE rooms ADD COLUMN kind room_kind;
