ALTER TABLE app.events DETACH PARTITION app.events_2024;
ALTER TABLE app.events_2024 RENAME TO old_events;
CREATE TABLE app.events_default PARTITION OF app.events DEFAULT;
