CREATE SCHEMA owned;
CREATE ROLE conformance_keeper;
CREATE TABLE owned.keys (id integer);
