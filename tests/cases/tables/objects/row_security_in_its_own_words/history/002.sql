-- Nobody reads it without a policy.
ALTER TABLE guarded.t ENABLE ROW LEVEL SECURITY;
alter table guarded.u enable row level security;
ALTER TABLE guarded.v ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE guarded.u DISABLE ROW LEVEL SECURITY;
-- After all.
alter table guarded.u enable row level security;
-- While it has its former name.
ALTER TABLE ONLY guarded.w ENABLE ROW LEVEL SECURITY;
ALTER TABLE guarded.w RENAME TO x;
