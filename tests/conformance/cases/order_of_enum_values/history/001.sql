CREATE SCHEMA ordered;
CREATE TYPE ordered.size AS ENUM ('small', 'large');
