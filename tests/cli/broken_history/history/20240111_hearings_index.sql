CREATE INDEX hearings_by_day ON hearings (held_on);
