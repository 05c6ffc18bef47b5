CREATE SCHEMA forced_row_security;
CREATE TABLE forced_row_security.notes (id int PRIMARY KEY, owner text NOT NULL, body text);
ALTER TABLE forced_row_security.notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE forced_row_security.notes FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON forced_row_security.notes USING (owner = current_user) WITH CHECK (owner = current_user);
INSERT INTO forced_row_security.notes VALUES (1, 'ada', 'hidden from everybody else'), (2, 'grace', NULL);
