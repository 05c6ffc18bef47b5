CREATE TABLE indexed.t (number integer, b text);

-- For the search by name.
CREATE INDEX by_name ON indexed.t (b);

CREATE INDEX by_number ON indexed.t (number);
