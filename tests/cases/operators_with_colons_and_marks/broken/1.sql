CREATE TABLE t (a integer[]);
SELECT a[1:] FROM t WHERE a[1] ? :n;
SELECT a : text FROM t;
