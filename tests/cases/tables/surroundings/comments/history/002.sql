-- AlterTable
ALTER TABLE commented.keys ADD COLUMN note text;

-- Who made it.
-- Nobody knows of the oldest.
ALTER TABLE commented.keys ADD COLUMN maker text;

-- AlterTable
ALTER TABLE commented.keys ADD COLUMN lost boolean;
