CREATE TABLE tuned.t (
    a integer PRIMARY KEY, -- the number on the key
    b text,
    c text
);
ALTER TABLE ONLY tuned.t ALTER COLUMN b SET STATISTICS 500;
ALTER TABLE ONLY tuned.t ALTER COLUMN b SET (n_distinct=-0.5);
ALTER TABLE ONLY tuned.t ALTER COLUMN c SET STORAGE EXTERNAL;
ALTER TABLE ONLY tuned.t ALTER COLUMN c SET COMPRESSION pglz;

CREATE INDEX t_b ON tuned.t USING btree (b);
ALTER TABLE tuned.t CLUSTER ON t_b;
