CREATE SCHEMA secured;
CREATE TABLE secured.keys (id integer);
