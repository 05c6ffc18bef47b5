CREATE SCHEMA event_trigger;
CREATE FUNCTION event_trigger.watch() RETURNS event_trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'no more collations'; END$$;
CREATE COLLATION event_trigger.plain (LOCALE = 'C');
CREATE EVENT TRIGGER watching_of_event_trigger ON ddl_command_end WHEN TAG IN ('CREATE COLLATION')
    EXECUTE FUNCTION event_trigger.watch();
