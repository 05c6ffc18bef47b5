CREATE SCHEMA default_privileges;
CREATE TABLE default_privileges.before (id integer);
ALTER DEFAULT PRIVILEGES IN SCHEMA default_privileges GRANT SELECT ON TABLES TO PUBLIC;
CREATE TABLE default_privileges.behind (id integer);
