CREATE SCHEMA commas;
CREATE TABLE commas.t (
    a int
  , b int -- second
  , c int
);
