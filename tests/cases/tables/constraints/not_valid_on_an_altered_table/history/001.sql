CREATE SCHEMA unproven;
CREATE TABLE unproven.people (id integer PRIMARY KEY);
CREATE TABLE unproven.t (
    a integer PRIMARY KEY -- the number on the key
);
