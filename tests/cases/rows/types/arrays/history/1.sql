CREATE SCHEMA arrays;
CREATE TYPE arrays.color AS ENUM ('red', 'deep blue');
CREATE TYPE arrays.point3 AS (x int, y int, z text);
CREATE TABLE arrays.held (
    id int PRIMARY KEY, numbers int[], words text[], grid numeric[][], colors arrays.color[], points arrays.point3[], docs jsonb[]);
INSERT INTO arrays.held VALUES
    (1, '{}', '{NULL,"NULL","",a b,"c,d","e\"f"}', '{{1,2.50},{3,4}}', '{red,"deep blue"}', '{"(1,2,\"a,b\")",NULL}', ARRAY['{"k": 1}'::jsonb]),
    (2, '[2:3]={7,8}', ARRAY[]::text[], NULL, '{}', ARRAY[ROW(1, NULL, '')::arrays.point3], '{}'),
    (3, ARRAY[1, NULL], '{\\}', '{{{1}}}', NULL, NULL, NULL);
UPDATE arrays.held SET words = words || 'more'::text WHERE id = 3;
ALTER TABLE arrays.held RENAME COLUMN id TO number;
