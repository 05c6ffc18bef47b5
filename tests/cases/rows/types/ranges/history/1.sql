CREATE SCHEMA ranges;
CREATE TYPE ranges.speed AS RANGE (subtype = numeric);
CREATE TABLE ranges.held (id int PRIMARY KEY, ints int4range, days daterange, moments tstzrange, many int4multirange, speeds ranges.speed);
DO $rows$ BEGIN
INSERT INTO ranges.held VALUES
    (1, '[1,5]', '[2024-01-01,2024-02-01)', '[2024-01-01 00:00+02,infinity)', '{[1,3),[7,8]}', '(0.5,1.50]'),
    (2, 'empty', '(,2024-01-01]', '(,)', '{}', 'empty'),
    (3, '(,)', 'empty', NULL, '{(,)}', '[1,]');
END $rows$;
UPDATE ranges.held SET many = many + '{[100,200)}' WHERE id = 1;
ALTER TABLE ranges.held RENAME COLUMN id TO number;
