CREATE SCHEMA checked;
CREATE TABLE checked.rooms (name text CHECK (length(name) > 2));
