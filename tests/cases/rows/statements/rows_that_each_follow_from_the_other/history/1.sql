CREATE SCHEMA rows_that_each_follow_from_the_other;
CREATE TABLE rows_that_each_follow_from_the_other.domains (
    name text PRIMARY KEY, main text NOT NULL, court uuid
);
INSERT INTO rows_that_each_follow_from_the_other.domains (name, main)
VALUES ('court.example', 'court.example'), ('www.court.example', 'court.example');
CREATE TABLE rows_that_each_follow_from_the_other.courts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), domain text UNIQUE
);
INSERT INTO rows_that_each_follow_from_the_other.courts (domain)
SELECT DISTINCT main FROM rows_that_each_follow_from_the_other.domains;
DO $$
DECLARE
    known uuid;
BEGIN
    SELECT id INTO known FROM rows_that_each_follow_from_the_other.courts WHERE domain = 'court.example';
    IF known IS NOT NULL THEN
        UPDATE rows_that_each_follow_from_the_other.domains SET court = known WHERE name LIKE 'www.%';
    END IF;
END $$;
CREATE TABLE rows_that_each_follow_from_the_other.about_courts (id uuid PRIMARY KEY, domains integer);
CREATE FUNCTION rows_that_each_follow_from_the_other.count_again() RETURNS void LANGUAGE sql AS $$
    DELETE FROM rows_that_each_follow_from_the_other.about_courts;
    INSERT INTO rows_that_each_follow_from_the_other.about_courts
    SELECT c.id, count(*) FROM rows_that_each_follow_from_the_other.courts c
    JOIN rows_that_each_follow_from_the_other.domains d ON d.main = c.domain GROUP BY c.id;
$$;
SELECT rows_that_each_follow_from_the_other.count_again();
-- The numbers are of another time than the function.
CREATE OR REPLACE FUNCTION rows_that_each_follow_from_the_other.count_again() RETURNS void LANGUAGE sql AS $$
    UPDATE rows_that_each_follow_from_the_other.about_courts SET domains = 0;
$$;
