\i gone.sql
\ir ../history/views.sql
SELECT 1
\i parts/a.sql
;
