INSERT INTO texts.held (id, body, v, c, one, n, later) VALUES
    (1, '', '', '', '', '', 'a;b'),
    (2, NULL, NULL, NULL, NULL, NULL, 'a;b'),
    (3, 'it''s a "quote" $$ $1 :name', E'back\\slash!', 'ab', 'x', 'pg_class', 'a;b'),
    (4, E'line
one	tab\r
', 'ünï — 漢字🎉', 'é', E'\\', 'Ä', 'a;b'),
    (5, 'NULL', E'\\N', ' a', '''', '-- no comment', 'a;b'),
    (6, '/* open
; DROP TABLE texts.held; --', NULL, NULL, NULL, NULL, 'a;b');
