ALTER TABLE profiles ADD COLUMN avatar text;
