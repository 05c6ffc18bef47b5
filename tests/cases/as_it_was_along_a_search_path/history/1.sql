CREATE SCHEMA app;
SET search_path = app, public;
CREATE TABLE parent (id integer PRIMARY KEY, note text);
CREATE TABLE child (extra text) INHERITS (parent);
SET search_path = '';
CREATE TABLE app.other (id integer);
