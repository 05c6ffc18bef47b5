CREATE TABLE t (); /* open
