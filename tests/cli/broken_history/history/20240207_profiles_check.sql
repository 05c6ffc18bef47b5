ALTER TABLE profiles ADD CONSTRAINT phone_digits CHECK (phone ~ '^[0-9 ]+$');
