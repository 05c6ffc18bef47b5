CREATE SCHEMA none_at_first;
CREATE TABLE none_at_first.t ();
