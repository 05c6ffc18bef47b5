\if true
CREATE TABLE u ();
