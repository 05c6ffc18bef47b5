ALTER TABLE profiles ADD COLUMN phone text;
