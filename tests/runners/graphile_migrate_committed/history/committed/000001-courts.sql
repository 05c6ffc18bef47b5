--! Previous: -
--! Hash: sha1:aaaa
--! Message: courts

CREATE TABLE courts (id integer PRIMARY KEY, name text NOT NULL);
