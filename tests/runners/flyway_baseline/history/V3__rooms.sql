CREATE TABLE rooms (court_id integer REFERENCES courts);
