CREATE TABLE rooms (id integer PRIMARY KEY, court_id integer REFERENCES courts);
