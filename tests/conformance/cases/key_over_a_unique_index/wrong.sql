CREATE SCHEMA indexed_target;
CREATE TABLE indexed_target.kinds (code text);
CREATE TABLE indexed_target.rooms (kind text REFERENCES indexed_target.kinds (code));
CREATE UNIQUE INDEX kinds_code ON indexed_target.kinds (code);
