CREATE TABLE towns (id integer PRIMARY KEY, name text NOT NULL, height integer);
\copy towns (id, name, height) from 'data/towns.csv' with (format csv, header)
CREATE INDEX towns_name ON towns (name);
\copy towns from data/more.tsv
\copy towns to 'dump.tsv'
