CREATE UNLOGGED TABLE unlogged.cache (
    a integer PRIMARY KEY, -- the number on the key
    b text
);

CREATE TABLE IF NOT EXISTS unlogged.kept (
    a integer PRIMARY KEY -- worth to be kept
);
