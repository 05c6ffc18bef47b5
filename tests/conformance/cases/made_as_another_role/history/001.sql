CREATE SCHEMA owned;
CREATE ROLE conformance_keeper;
GRANT USAGE, CREATE ON SCHEMA owned TO conformance_keeper;
