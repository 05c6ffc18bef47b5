CREATE TABLE ruled.t (id int, holder text, open boolean);

-- whoever it belongs to
-- closed ones too
CREATE POLICY "own to do" ON ruled.t FOR UPDATE
  USING (holder = current_user AND id IN (SELECT 1)) -- for now
  WITH CHECK (open OR NOT open);

create policy watchers on ruled.t for select TO pg_monitor, current_user USING (NOT open);

CREATE POLICY writers ON ruled.t FOR INSERT TO pg_monitor WITH CHECK (true);

CREATE POLICY all_of_them ON ruled.t
    AS RESTRICTIVE
    TO public
    USING (id > 0)
    WITH CHECK (id > 1);
