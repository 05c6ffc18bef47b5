CREATE SCHEMA chain_of_types;
CREATE DOMAIN chain_of_types.small AS integer CHECK (VALUE < 100);
CREATE TYPE chain_of_types.size AS (width chain_of_types.small, height chain_of_types.small);
CREATE TABLE chain_of_types.box (id integer, size chain_of_types.size);
