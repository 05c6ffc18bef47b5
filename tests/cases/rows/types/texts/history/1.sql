CREATE SCHEMA texts;
CREATE TABLE texts.held (id int PRIMARY KEY, t text, v varchar(12), c char(5), one "char", n name);
DO $rows$ BEGIN
INSERT INTO texts.held VALUES
    (1, '', '', '', '', ''),
    (2, NULL, NULL, NULL, NULL, NULL),
    (3, 'it''s a "quote" $$ $1 :name', E'back\\slash', 'ab', 'x', 'pg_class'),
    (4, E'line\none\ttab\r\n', 'ünï — 漢字🎉', 'é', E'\\', 'Ä'),
    (5, 'NULL', '\N', ' a ', '''', '-- no comment');
END $rows$;
UPDATE texts.held SET v = v || '!' WHERE id = 3;
