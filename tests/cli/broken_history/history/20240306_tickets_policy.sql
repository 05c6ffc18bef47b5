CREATE POLICY tickets_read ON tickets USING (true);
