CREATE SCHEMA from_a_query;
CREATE TABLE from_a_query.t AS SELECT 1 AS a;
