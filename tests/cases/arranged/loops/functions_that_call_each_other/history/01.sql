CREATE SCHEMA functions_that_call_each_other;
CREATE FUNCTION functions_that_call_each_other.is_even(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n % 2 = 0';
CREATE FUNCTION functions_that_call_each_other.is_odd(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS
    'SELECT CASE WHEN n = 0 THEN false ELSE functions_that_call_each_other.is_even(n - 1) END';
CREATE OR REPLACE FUNCTION functions_that_call_each_other.is_even(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS
    'SELECT CASE WHEN n = 0 THEN true ELSE functions_that_call_each_other.is_odd(n - 1) END';
CREATE TABLE functions_that_call_each_other.pair (size integer CHECK (functions_that_call_each_other.is_even(size)));
INSERT INTO functions_that_call_each_other.pair VALUES (2);
