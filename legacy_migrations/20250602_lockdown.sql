-- Audit finding 7: anon can call everything
REVOKE ALL ON TABLE storage.buckets FROM anon;              -- nobody lists our buckets
REVOKE USAGE ON SCHEMA graphql_public FROM anon;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;                 -- belt and braces
REVOKE EXECUTE ON FUNCTION auth.email() FROM PUBLIC;

REVOKE ALL ON audit_log, audit_log_2024, audit_log_2025_h1, audit_log_default FROM anon, authenticated;
REVOKE EXECUTE ON FUNCTION assign_key(uuid, text) FROM PUBLIC, anon;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON user_roles FROM anon, authenticated;
REVOKE UPDATE ON profiles FROM authenticated;
GRANT UPDATE (first_name, last_name) ON profiles TO authenticated;

-- new tables are closed to anon from now on
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM anon;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO dashboard_user;
