DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = app, public', current_database());
    EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''7s''', current_database());
    EXECUTE 'ALTER ROLE postgres SET application_name = ''it''''s 100 % ours''';
END $$;
CREATE SCHEMA app;
