CREATE POLICY own ON profiles USING (id = auth.uid());
