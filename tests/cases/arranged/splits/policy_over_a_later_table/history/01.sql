CREATE SCHEMA policy_over_a_later_table;
CREATE TABLE policy_over_a_later_table.member (name text PRIMARY KEY);
CREATE TABLE policy_over_a_later_table.note (id integer PRIMARY KEY, owner text);
ALTER TABLE policy_over_a_later_table.note ENABLE ROW LEVEL SECURITY;
CREATE POLICY members_only ON policy_over_a_later_table.note USING (EXISTS (SELECT FROM policy_over_a_later_table.member WHERE name = owner));
