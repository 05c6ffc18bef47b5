-- Up Migration
CREATE TABLE rooms (court_id integer REFERENCES courts);

---- Down Migration ----
DROP TABLE rooms;
