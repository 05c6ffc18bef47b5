ALTER TYPE valued.state ADD VALUE 'lost' AFTER 'open';
-- Since the keys have two owners.
ALTER TYPE valued.state ADD VALUE IF NOT EXISTS 'shared';
ALTER TYPE valued.state ADD VALUE IF NOT EXISTS 'open';
ALTER TYPE valued.kind ADD VALUE 'it''s tiny' BEFORE 'small';
