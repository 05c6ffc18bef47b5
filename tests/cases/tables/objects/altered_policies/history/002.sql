-- closed ones too
ALTER POLICY "own to do" ON ruled.t WITH CHECK (open OR NOT open);
ALTER POLICY readers ON ruled.t TO pg_monitor, current_user USING (open);
ALTER POLICY readers ON ruled.t USING (NOT open);
ALTER POLICY writers ON ruled.t TO pg_monitor;
ALTER POLICY all_of_them ON ruled.t USING (id > 0) WITH CHECK (id > 1);
ALTER TABLE ruled.t RENAME COLUMN owner TO holder;
ALTER POLICY readers ON ruled.t RENAME TO watchers;
