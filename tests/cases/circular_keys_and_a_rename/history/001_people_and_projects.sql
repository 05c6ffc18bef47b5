CREATE TABLE people (id serial PRIMARY KEY, name text NOT NULL);
-- two ways to people: a key, and their numbers
CREATE TABLE projects (
  id integer PRIMARY KEY DEFAULT nextval('people_id_seq'),
  owner integer REFERENCES people (id)
);
ALTER TABLE people ADD COLUMN project integer;
ALTER TABLE people ADD CONSTRAINT people_project_fkey FOREIGN KEY (project) REFERENCES projects (id);
