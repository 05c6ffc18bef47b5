CREATE SCHEMA call_procedure;
CREATE TABLE call_procedure.steps (number int PRIMARY KEY, told text NOT NULL);
CREATE PROCEDURE call_procedure.fill(last int) LANGUAGE plpgsql AS $$
BEGIN
    FOR n IN 1..last LOOP
        INSERT INTO call_procedure.steps VALUES (n, 'step ' || n);
    END LOOP;
END $$;
CALL call_procedure.fill(3);
DROP PROCEDURE call_procedure.fill(int);
