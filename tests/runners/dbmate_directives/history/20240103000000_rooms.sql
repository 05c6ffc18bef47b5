-- migrate:up
CREATE TABLE rooms (court_id integer REFERENCES courts);
-- migrate:down
