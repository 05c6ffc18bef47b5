CREATE TABLE remarked.t (id int PRIMARY KEY, a int, b int);

-- what the lobby shows
-- (all of it)
CREATE VIEW remarked.v AS
 SELECT id,
    a
   FROM remarked.t;

CREATE VIEW remarked.w AS
 SELECT id,
    a
   FROM remarked.t;

-- told of two columns
CREATE VIEW remarked.x AS SELECT a, id FROM remarked.t;
