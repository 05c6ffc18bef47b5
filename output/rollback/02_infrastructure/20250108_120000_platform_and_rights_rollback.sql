-- Takes back migrations/02_infrastructure/20250108_120000_platform_and_rights.sql.
-- Run it only when every later file is taken back.

ALTER PUBLICATION supabase_realtime DROP TABLE ONLY public.notifications;
ALTER PUBLICATION supabase_realtime DROP TABLE ONLY public.maintenance_notices;
ALTER PUBLICATION supabase_realtime DROP TABLE ONLY public.tickets;
DROP TRIGGER IF EXISTS on_auth_user_created ON auth.users;
DROP FUNCTION IF EXISTS public.handle_new_user();
