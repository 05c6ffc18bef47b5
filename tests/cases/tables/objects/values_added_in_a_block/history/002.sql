DO $$ BEGIN ALTER TYPE blocked.state ADD VALUE 'lost' BEFORE 'closed'; END $$;
