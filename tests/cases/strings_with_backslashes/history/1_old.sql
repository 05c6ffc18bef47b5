SET escape_string_warning = off;
SET standard_conforming_strings = off;
CREATE TABLE paths (id integer, path text DEFAULT 'c:\\temp; it\'s', tab text DEFAULT E'\t');
INSERT INTO paths VALUES (1, 'a\\b', 'x\ty'), (2, 'plain', DEFAULT), (3, 'doubled''quote\n', '');
SET standard_conforming_strings = on;
INSERT INTO paths VALUES (4, 'a\b', '\');
CREATE VIEW slashes AS SELECT id, '\' || path AS p FROM paths WHERE path LIKE '%\\%';
