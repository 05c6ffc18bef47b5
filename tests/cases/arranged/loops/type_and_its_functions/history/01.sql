CREATE SCHEMA type_and_its_functions;
CREATE TYPE type_and_its_functions.colour;
CREATE FUNCTION type_and_its_functions.colour_in(cstring) RETURNS type_and_its_functions.colour
    LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION type_and_its_functions.colour_out(type_and_its_functions.colour) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE type_and_its_functions.colour (INPUT = type_and_its_functions.colour_in, OUTPUT = type_and_its_functions.colour_out, LIKE = integer);
