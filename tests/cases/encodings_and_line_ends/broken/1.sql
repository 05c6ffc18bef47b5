CREATE TABLE t ();
-- café or so
