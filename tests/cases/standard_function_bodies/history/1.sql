CREATE TABLE counted (at date, n integer);
CREATE FUNCTION twice(x integer) RETURNS integer
  IMMUTABLE
  BEGIN ATOMIC
    SELECT 1; -- thrown away
    SELECT CASE WHEN x > 0 THEN x * 2 ELSE 0 END;
  END;
CREATE FUNCTION three() RETURNS integer RETURN twice(1) + 1;
CREATE OR REPLACE PROCEDURE count_up(d date)
  BEGIN ATOMIC
    INSERT INTO counted VALUES (d, three());
    UPDATE counted SET n = n + 1 WHERE at = d;
  END;
CALL count_up('2020-02-02');
