CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.held_on := coalesce(NEW.held_on, current_date);
    RETURN NEW;
END $$;
