-- What is sold in :app.
CREATE TABLE goods (id integer PRIMARY KEY, name text DEFAULT :'app');
\ir rows/goods.sql
