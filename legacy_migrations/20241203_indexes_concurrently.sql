-- !!! RUN BY HAND, not by the pipeline: CREATE INDEX CONCURRENTLY can't run inside a transaction.
-- Done on production 2024-12-03 22:15 (dba). One statement at a time in the SQL editor.

CREATE INDEX CONCURRENTLY tickets_room_idx ON tickets (room_id);

CREATE INDEX CONCURRENTLY IF NOT EXISTS floors_plan_idx ON floors (building_id) WHERE plan_url IS NOT NULL;
