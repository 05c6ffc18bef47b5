-- Takes back migrations/02_infrastructure/20250108_000000_rls_policies.sql.
-- Run it only when every later file is taken back.
-- It takes one transaction: psql -1, or BEGIN and COMMIT. Without one all of this is refused.
SET default_transaction_read_only = on;

DROP POLICY IF EXISTS key_requests_admin ON public.key_requests;
DROP POLICY IF EXISTS key_requests_insert ON public.key_requests;
DROP POLICY IF EXISTS key_assignments_read ON public.key_assignments;
DROP POLICY IF EXISTS keys_admin ON public.keys;
DROP POLICY IF EXISTS keys_read ON public.keys;
DROP POLICY IF EXISTS "Enable read access for authenticated users" ON public.capacities;
DROP POLICY IF EXISTS "Only in office hours" ON public.tickets;
DROP POLICY IF EXISTS "Users can update own profile" ON public.profiles;
DROP POLICY IF EXISTS "Admins manage rooms" ON public.rooms;
DROP POLICY IF EXISTS "Enable read access for all users" ON public.rooms;
DROP POLICY IF EXISTS "Read own notifications" ON public.notifications;
DROP POLICY IF EXISTS "Own avatar" ON storage.objects;
DROP POLICY IF EXISTS "Staff read floor plans" ON storage.objects;
DROP POLICY IF EXISTS "Public calendar" ON public.court_terms;
DROP POLICY IF EXISTS "Staff report issues" ON public.tickets;
DROP POLICY IF EXISTS "Staff read tickets" ON public.tickets;
DROP POLICY IF EXISTS "Anyone can read floors" ON public.floors;
DROP POLICY IF EXISTS "Users can view own profile" ON public.profiles;
DROP POLICY IF EXISTS "Admins manage buildings" ON public.buildings;
DROP POLICY IF EXISTS "Enable read access for all users" ON public.buildings;
RESET default_transaction_read_only;
