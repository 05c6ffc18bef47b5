CREATE SCHEMA standard_bodies_that_call_each_other;
CREATE FUNCTION standard_bodies_that_call_each_other.is_even(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN n % 2 = 0;
CREATE FUNCTION standard_bodies_that_call_each_other.is_odd(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN n = 0 THEN false ELSE standard_bodies_that_call_each_other.is_even(n - 1) END;
CREATE OR REPLACE FUNCTION standard_bodies_that_call_each_other.is_even(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN n = 0 THEN true ELSE standard_bodies_that_call_each_other.is_odd(n - 1) END;
