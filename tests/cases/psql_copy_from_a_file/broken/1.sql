CREATE TABLE towns (id integer);
\copy towns from program 'cat towns.csv'
\copy towns from '/var/lib/towns.csv' csv
\copy towns from towns.csv csv
\copy (DELETE FROM towns RETURNING *) to 'old.csv'
