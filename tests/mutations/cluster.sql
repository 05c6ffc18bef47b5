CREATE ROLE clerk;
CREATE ROLE "Chief Judge" NOLOGIN;
CREATE ROLE bailiff;
GRANT clerk TO bailiff;
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE attic LOCATION '';
