\set with_audit on
\if :{?with_audit}
  \if :with_audit
CREATE TABLE audit (at timestamptz, what text);
  \else
CREATE TABLE no_audit ();
  \endif
\elif :nonsense
\i gone.sql
\else
\c other
\endif
CREATE TABLE flags (
  a boolean
\if 0
  , b text DEFAULT ');'
\else
  , c integer DEFAULT 1
\endif
);
\if :{?never_set}
DROP TABLE flags;
\endif
