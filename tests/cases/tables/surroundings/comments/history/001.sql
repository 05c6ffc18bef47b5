CREATE SCHEMA commented;
CREATE TABLE commented.keys (
  id integer PRIMARY KEY,
  -- What is stamped on it.
  stamp text
);
