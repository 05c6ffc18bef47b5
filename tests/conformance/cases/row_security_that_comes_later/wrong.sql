CREATE SCHEMA secured;
CREATE TABLE secured.keys (id integer);
CREATE POLICY own ON secured.keys USING (id > 0);
