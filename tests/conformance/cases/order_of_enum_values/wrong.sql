CREATE SCHEMA ordered;
CREATE TYPE ordered.size AS ENUM ('small', 'large', 'tiny', 'medium');
CREATE TABLE ordered.rooms (size ordered.size);
