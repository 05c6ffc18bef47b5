CREATE SCHEMA unlogged;
CREATE TABLE unlogged.cache (
    a integer PRIMARY KEY, -- the number on the key
    b text
);
CREATE UNLOGGED TABLE IF NOT EXISTS unlogged.kept (
    a integer PRIMARY KEY -- worth to be kept
);
