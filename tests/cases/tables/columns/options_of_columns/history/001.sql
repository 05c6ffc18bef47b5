CREATE SCHEMA tuned;
CREATE TABLE tuned.t (
    a integer PRIMARY KEY, -- the number on the key
    b text,
    c text
);
CREATE INDEX t_b ON tuned.t (b);
