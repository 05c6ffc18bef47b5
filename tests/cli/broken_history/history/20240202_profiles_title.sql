ALTER TABLE profiles ADD COLUMN title text;
