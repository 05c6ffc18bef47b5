CREATE TABLE a (
  b integer,,
  c integer);
