CREATE TABLE guarded.t (a integer);

-- Nobody reads it without a policy.
ALTER TABLE guarded.t ENABLE ROW LEVEL SECURITY;

CREATE TABLE guarded.u (a integer);

-- After all.
alter table guarded.u enable row level security;

CREATE TABLE guarded.v (a integer);
ALTER TABLE ONLY guarded.v FORCE ROW LEVEL SECURITY;

ALTER TABLE guarded.v ENABLE ROW LEVEL SECURITY;

CREATE TABLE guarded.x (a integer -- kept
);

-- While it has its former name.
ALTER TABLE ONLY guarded.x ENABLE ROW LEVEL SECURITY;
