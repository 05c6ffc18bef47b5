CREATE SCHEMA valued;
-- How far an order has come.
CREATE TYPE valued.state AS ENUM (
    'open',
    'closed' -- by anybody
);
CREATE TYPE valued.kind AS ENUM ('small', 'large');
CREATE TABLE valued.orders (state valued.state DEFAULT 'open', kind valued.kind);
