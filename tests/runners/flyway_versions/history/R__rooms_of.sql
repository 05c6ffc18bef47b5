CREATE OR REPLACE VIEW rooms_of AS SELECT court_id FROM rooms;
