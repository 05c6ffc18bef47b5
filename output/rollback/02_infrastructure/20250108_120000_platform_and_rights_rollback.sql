-- Takes back migrations/02_infrastructure/20250108_120000_platform_and_rights.sql.
-- Run it only when every later file is taken back.

GRANT ALL ON TABLE storage.buckets TO anon;
REVOKE ALL ON SCHEMA public FROM dashboard_user;
GRANT USAGE ON SCHEMA graphql_public TO anon;
GRANT EXECUTE ON FUNCTION auth.email() TO PUBLIC;
ALTER PUBLICATION supabase_realtime DROP TABLE ONLY public.notifications;
ALTER PUBLICATION supabase_realtime DROP TABLE ONLY public.maintenance_notices;
ALTER PUBLICATION supabase_realtime DROP TABLE ONLY public.tickets;
DROP TRIGGER IF EXISTS on_auth_user_created ON auth.users;
DROP FUNCTION IF EXISTS public.handle_new_user();
DELETE FROM storage.buckets WHERE id = 'floor-plans';
DELETE FROM storage.buckets WHERE id = 'avatars';
