-- How far an order has come.
CREATE TYPE valued.state AS ENUM (
    'open',
    'lost',
    'done', -- by anybody
    -- Since the keys have two owners.
    'shared'
);

CREATE TYPE valued.size AS ENUM ('it''s tiny', 'small', 'large');

CREATE TABLE valued.orders (state valued.state DEFAULT 'open', kind valued.size);
