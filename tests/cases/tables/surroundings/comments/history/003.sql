-- By now all of them are known:
-- the archive had the rest.
ALTER TABLE commented.keys ALTER COLUMN maker SET NOT NULL;

-- By now all of them are known:
-- the archive had the rest.
ALTER TABLE commented.keys ALTER COLUMN stamp SET NOT NULL;

-- modify "keys" table
ALTER TABLE commented.keys ADD CONSTRAINT stamped CHECK (stamp <> '');
--> statement-breakpoint
ALTER TABLE commented.keys ADD CONSTRAINT made CHECK (maker <> '');
