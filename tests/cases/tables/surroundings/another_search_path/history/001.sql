CREATE SCHEMA another_path;
SET search_path = another_path;
CREATE TABLE t (
    a int
);
