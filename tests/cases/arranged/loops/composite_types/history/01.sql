CREATE SCHEMA composite_types;
CREATE TYPE composite_types.unit AS ENUM ('m', 'kg');
CREATE TYPE composite_types.amount AS (value integer, unit composite_types.unit);
CREATE TYPE composite_types.line AS (name text, amounts composite_types.amount[]);
CREATE TABLE composite_types.bill (id integer, line composite_types.line);
INSERT INTO composite_types.bill VALUES (1, ROW('nail', ARRAY[ROW(1, 'kg')::composite_types.amount])::composite_types.line);
