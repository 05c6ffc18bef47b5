ALTER TABLE hearings ADD COLUMN room_id uuid REFERENCES rooms;
