CREATE SCHEMA last_dropped;
CREATE TABLE last_dropped.t (a int, -- first
  b int);
