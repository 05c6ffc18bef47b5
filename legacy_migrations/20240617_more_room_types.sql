ALTER TYPE room_type_enum ADD VALUE 'chambers' BEFORE 'office';
ALTER TYPE room_type_enum ADD VALUE IF NOT EXISTS 'jury_room' AFTER 'courtroom';
ALTER TYPE room_type_enum ADD VALUE IF NOT EXISTS 'office';
ALTER TYPE user_role ADD VALUE 'judge';
