CREATE SCHEMA type_renamed;
CREATE TYPE type_renamed.kind AS ENUM ('office', 'court');
CREATE TABLE type_renamed.rooms (kind type_renamed.kind);
