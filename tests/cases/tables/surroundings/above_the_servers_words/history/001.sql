CREATE SCHEMA remarked;
CREATE TABLE remarked.t (id int PRIMARY KEY, a int);

-- what the lobby shows
-- (all of it)
CREATE VIEW remarked.v AS SELECT * FROM remarked.t;

/* not a remark that stands line by line */
CREATE VIEW remarked.w AS SELECT t.* FROM remarked.t;
-- told of two columns
CREATE VIEW remarked.x AS SELECT a, id FROM remarked.t;
