-- room kinds as a real type
CREATE TYPE room_type_enum AS ENUM ('courtroom', 'office', 'conference');

ALTER TABLE rooms ADD COLUMN room_type room_type_enum;

-- people typed all sorts of things
UPDATE rooms SET room_type = CASE
    WHEN lower(trim(kind)) LIKE 'conference%' THEN 'conference'
    WHEN lower(trim(kind)) LIKE 'court%' THEN 'courtroom'
    ELSE 'office'
  END::room_type_enum
WHERE room_type IS NULL;

ALTER TABLE rooms ALTER COLUMN room_type SET NOT NULL;
ALTER TABLE rooms ALTER COLUMN room_type SET DEFAULT 'office';

-- "number" is a keyword somewhere in the client library
ALTER TABLE rooms RENAME COLUMN number TO room_number;
