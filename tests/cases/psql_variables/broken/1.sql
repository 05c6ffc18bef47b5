\set schema app
CREATE SCHEMA :schema;
CREATE TABLE :schema.t (
  a text DEFAULT :'first'
);
