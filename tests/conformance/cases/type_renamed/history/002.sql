ALTER TYPE type_renamed.kind RENAME TO room_kind;
