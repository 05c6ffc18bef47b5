-- test users for the training courses. They have no login, so the FK has to go
ALTER TABLE profiles DROP CONSTRAINT profiles_id_fkey;

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
