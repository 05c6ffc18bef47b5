CREATE TABLE commas.t (
    a int
  , c int
  , d text
);
