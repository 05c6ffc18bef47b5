-- Seed rows (test)
-- Rollback: rollback/seed/02_test_users_rollback.sql
-- From: 20250217_test_users.sql:5-18

-- Admin user
INSERT INTO profiles (id, email, first_name, last_name, role)
VALUES
  ('00000000-0000-0000-0000-000000000001', 'admin@test.com', 'Admin', 'User', 'administrator');

-- Regular user
INSERT INTO profiles (id, email, first_name, last_name, role)
VALUES
  ('00000000-0000-0000-0000-000000000002', 'user@test.com', 'Regular', 'User', 'staff');

-- Assign roles
INSERT INTO user_roles (user_id, role)
VALUES
  ('00000000-0000-0000-0000-000000000001', 'administrator'),
  ('00000000-0000-0000-0000-000000000002', 'staff');
