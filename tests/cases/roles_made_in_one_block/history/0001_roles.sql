DO $do$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN
        CREATE ROLE reader NOINHERIT;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'writer') THEN
        CREATE ROLE writer LOGIN;
    END IF;
    GRANT reader TO writer WITH ADMIN OPTION;
    ALTER ROLE writer SET statement_timeout = '5s';
    EXECUTE format('GRANT CREATE, CONNECT ON DATABASE %I TO writer', current_database());
END
$do$;
CREATE TABLE notes (id integer PRIMARY KEY, body text);
