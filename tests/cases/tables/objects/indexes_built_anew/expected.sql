CREATE TABLE rebuilt.t (a bigint, b text);

-- For the search by name.
CREATE INDEX by_name ON rebuilt.t (lower(b)); -- whatever the case

CREATE INDEX ON rebuilt.t (a) WHERE a > 7;
