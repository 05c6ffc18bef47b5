GRANT SELECT ON staff TO authenticated;
