COMMENT ON TABLE profiles IS 'People who can sign in';
