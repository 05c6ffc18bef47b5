\echo 'a column more'
\timing on
\pset pager off
ALTER TABLE ledger.entries ADD COLUMN note text;
CREATE TABLE plain_name (entry bigint REFERENCES ledger.entries);
\d ledger.entries
