CREATE TABLE forced.t (
    a integer PRIMARY KEY, -- the number on the key
    b text
);
ALTER TABLE ONLY forced.t FORCE ROW LEVEL SECURITY;

ALTER TABLE forced.t ENABLE ROW LEVEL SECURITY;
