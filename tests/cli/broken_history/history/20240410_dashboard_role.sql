GRANT SELECT ON keys TO dashboard_reader;
