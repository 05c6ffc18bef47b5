CREATE SCHEMA check_of_its_own_row_type;
CREATE TABLE check_of_its_own_row_type.stay (arrives date, leaves date);
CREATE FUNCTION check_of_its_own_row_type.is_sound(check_of_its_own_row_type.stay) RETURNS boolean LANGUAGE sql IMMUTABLE AS
    'SELECT $1.arrives < $1.leaves';
ALTER TABLE check_of_its_own_row_type.stay ADD CONSTRAINT sound CHECK (check_of_its_own_row_type.is_sound(stay));
