ALTER TABLE hearings ENABLE ROW LEVEL SECURITY;
CREATE POLICY hearings_read ON hearings FOR SELECT TO authenticated USING (true);
