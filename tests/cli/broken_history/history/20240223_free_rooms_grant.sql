GRANT SELECT ON free_rooms TO anon, authenticated;
