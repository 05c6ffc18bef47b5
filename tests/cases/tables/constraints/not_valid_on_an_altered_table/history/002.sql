ALTER TABLE unproven.t ADD COLUMN maker integer;
-- Some of the oldest makers are gone.
ALTER TABLE unproven.t ADD CONSTRAINT t_maker FOREIGN KEY (maker) REFERENCES unproven.people NOT VALID;
