DROP TABLESPACE attic;
DROP ROLE clerk;
DROP ROLE "Chief Judge";
DROP ROLE bailiff;
