CREATE SCHEMA trigger_that_would_refuse;
CREATE TABLE trigger_that_would_refuse.payments (id int PRIMARY KEY, amount numeric NOT NULL);
INSERT INTO trigger_that_would_refuse.payments VALUES (1, -5), (2, 10);
CREATE FUNCTION trigger_that_would_refuse.positive() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.amount < 0 THEN RAISE EXCEPTION 'no refunds'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER positive BEFORE INSERT ON trigger_that_would_refuse.payments
    FOR EACH ROW EXECUTE FUNCTION trigger_that_would_refuse.positive();
INSERT INTO trigger_that_would_refuse.payments VALUES (3, 7);
