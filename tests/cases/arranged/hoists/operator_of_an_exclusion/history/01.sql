CREATE SCHEMA operator_of_an_exclusion;
CREATE FUNCTION operator_of_an_exclusion.same(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2';
CREATE OPERATOR operator_of_an_exclusion.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = operator_of_an_exclusion.same, COMMUTATOR = OPERATOR(operator_of_an_exclusion.===));
CREATE OPERATOR CLASS operator_of_an_exclusion.same_ops FOR TYPE integer USING hash AS OPERATOR 1 operator_of_an_exclusion.===, FUNCTION 1 hashint4(integer);
CREATE TABLE operator_of_an_exclusion.seat (id integer, EXCLUDE USING hash (id operator_of_an_exclusion.same_ops WITH OPERATOR(operator_of_an_exclusion.===)));
