CREATE SCHEMA ruled;
CREATE TABLE ruled.t (id int, owner text, open boolean);

-- whoever it belongs to
CREATE POLICY "own to do" ON ruled.t FOR UPDATE
  USING (owner = current_user AND id IN (SELECT 1)) -- for now
  WITH CHECK (open);
create policy readers on ruled.t for select to public using (true);
CREATE POLICY writers ON ruled.t FOR INSERT WITH CHECK (true);
CREATE POLICY all_of_them ON ruled.t
    AS RESTRICTIVE
    TO public;
