UPDATE teams SET captain_id = id;
ALTER TABLE teams ADD CONSTRAINT teams_captain_fkey FOREIGN KEY (captain_id) REFERENCES people (id)
    DEFERRABLE INITIALLY DEFERRED;
