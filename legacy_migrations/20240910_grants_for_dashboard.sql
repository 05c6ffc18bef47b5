-- the reporting people look at everything through the dashboard
GRANT USAGE ON SCHEMA public TO dashboard_user;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO dashboard_user;
-- ... but not at people
REVOKE SELECT ON profiles, user_roles FROM dashboard_user;
