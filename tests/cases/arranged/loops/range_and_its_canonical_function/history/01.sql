CREATE SCHEMA range_and_its_canonical_function;
CREATE TYPE range_and_its_canonical_function.span;
CREATE FUNCTION range_and_its_canonical_function.canonical(range_and_its_canonical_function.span) RETURNS range_and_its_canonical_function.span
    LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE range_and_its_canonical_function.span AS RANGE (SUBTYPE = integer, CANONICAL = range_and_its_canonical_function.canonical);
CREATE TABLE range_and_its_canonical_function.booking (room integer, during range_and_its_canonical_function.span);
