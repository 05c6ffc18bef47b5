GRANT SELECT ON benches TO authenticated;
