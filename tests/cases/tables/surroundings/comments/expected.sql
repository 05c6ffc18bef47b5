CREATE TABLE commented.keys (
  id integer PRIMARY KEY,
  -- What is stamped on it.
  stamp text NOT NULL,
  note text,
  -- Who made it.
  -- Nobody knows of the oldest.
  -- By now all of them are known:
  -- the archive had the rest.
  maker text NOT NULL,
  lost boolean,
  CONSTRAINT stamped CHECK (stamp <> ''),
  CONSTRAINT made CHECK (maker <> '')
);
