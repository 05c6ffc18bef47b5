CREATE VIEW active_rooms WITH (security_invoker = on) AS
SELECT r.id, r.room_number, r.room_type, r.capacity
FROM rooms r
WHERE r.capacity > 0;

-- for the phone list
CREATE VIEW staff_directory AS
SELECT p.id, p.full_name, p.surname, p.email
FROM profiles p
ORDER BY p.surname;

CREATE VIEW room_directory AS
SELECT a.*, f.name AS floor_name, b.name AS building_name
FROM active_rooms a
JOIN rooms r USING (id)
JOIN floors f ON f.id = r.floor_id
JOIN buildings b ON b.id = r.building_id;

COMMENT ON VIEW room_directory IS 'What visitors see on the lobby screen';
