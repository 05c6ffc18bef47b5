CREATE POLICY clerks_write ON hearings USING (is_clerk(auth.uid()));
