CREATE INDEX profiles_by_name ON profiles (last_name);
