CREATE SCHEMA blocked;
CREATE TYPE blocked.state AS ENUM ('open', 'closed');
