CREATE SCHEMA schema_renamed;
CREATE SCHEMA schema_renamed_once;
CREATE TABLE schema_renamed_once.rooms (number integer);
