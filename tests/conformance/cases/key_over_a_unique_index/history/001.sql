CREATE SCHEMA indexed_target;
CREATE TABLE indexed_target.kinds (code text);
CREATE TABLE indexed_target.rooms (kind text);
