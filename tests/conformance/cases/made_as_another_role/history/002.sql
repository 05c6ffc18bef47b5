SET ROLE conformance_keeper;
CREATE TABLE owned.keys (id integer);
RESET ROLE;
