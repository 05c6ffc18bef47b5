GRANT SELECT ON key_log TO dashboard_reader;
