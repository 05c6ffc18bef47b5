CREATE TABLE unproven.people (id integer PRIMARY KEY);

CREATE TABLE unproven.t (
    a integer PRIMARY KEY, -- the number on the key
    maker integer
);

-- Some of the oldest makers are gone.
ALTER TABLE unproven.t ADD CONSTRAINT t_maker FOREIGN KEY (maker) REFERENCES unproven.people NOT VALID;
