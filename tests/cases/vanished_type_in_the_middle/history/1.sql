CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE jobs (id int GENERATED ALWAYS AS IDENTITY, state state NOT NULL DEFAULT 'new');
INSERT INTO jobs (state) VALUES ('new'), ('done');
