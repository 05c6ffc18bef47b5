-- and back
\i parts/a.sql
