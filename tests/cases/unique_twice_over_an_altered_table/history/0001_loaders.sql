CREATE TABLE loaders (id serial PRIMARY KEY, loader varchar(255) UNIQUE NOT NULL);
ALTER TABLE loaders ADD COLUMN icon text;
ALTER TABLE loaders ADD CONSTRAINT loader_once UNIQUE (loader);
