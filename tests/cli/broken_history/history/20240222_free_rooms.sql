CREATE VIEW free_rooms AS
    SELECT r.id FROM rooms r LEFT JOIN hearings h ON h.room_id = r.id WHERE h.id IS NULL;
