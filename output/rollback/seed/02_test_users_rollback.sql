-- Takes back seed/02_test_users.sql.
-- Run it only when every later file is taken back.

DELETE FROM public.user_roles WHERE user_id = '00000000-0000-0000-0000-000000000001' AND role = 'administrator';
DELETE FROM public.user_roles WHERE user_id = '00000000-0000-0000-0000-000000000002' AND role = 'staff';
ALTER TABLE public.profiles DISABLE TRIGGER USER;
DELETE FROM public.profiles WHERE id = '00000000-0000-0000-0000-000000000001';
DELETE FROM public.profiles WHERE id = '00000000-0000-0000-0000-000000000002';
ALTER TABLE public.profiles ENABLE TRIGGER USER;
