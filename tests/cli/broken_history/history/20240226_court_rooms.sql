ALTER TABLE rooms ADD COLUMN court_id uuid REFERENCES courts;
