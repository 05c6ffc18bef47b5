-- Enter migration here
CREATE TABLE later ();
