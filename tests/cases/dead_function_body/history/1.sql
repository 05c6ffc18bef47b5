CREATE TABLE a (id int);
CREATE FUNCTION count_a() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM a';
DROP TABLE a;
