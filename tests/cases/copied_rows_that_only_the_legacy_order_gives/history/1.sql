CREATE TABLE a (x int GENERATED ALWAYS AS IDENTITY, y int, note text);
COPY a (x, y, note) FROM stdin;
1	2	a 'quote', a \\ and a \ttab
3	4	\N
\.
COPY a (x, y, note) FROM stdin WITH (FORMAT csv, HEADER, DELIMITER ';', NULL 'none');
x;y;note
5;6;"two
lines; ""quoted"""
7;8;none
9;4;"none"
\.
COPY a FROM stdin;
\.
CREATE MATERIALIZED VIEW m AS SELECT x + y AS s, note FROM a;
ALTER TABLE a RENAME COLUMN x TO z;
DELETE FROM a WHERE y = 4;
UPDATE a SET y = 5;
