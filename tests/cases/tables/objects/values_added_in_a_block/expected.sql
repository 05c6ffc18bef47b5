CREATE TYPE blocked.state AS ENUM ('open', 'lost', 'closed');
