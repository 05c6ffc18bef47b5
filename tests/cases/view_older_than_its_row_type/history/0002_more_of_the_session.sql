SET search_path = pg_catalog;
ALTER TYPE public.caller ADD ATTRIBUTE email text;
CREATE VIEW public.me AS SELECT u.id, u.sub FROM public.users u WHERE u.sub = (SELECT c.sub FROM public.caller() c);
ALTER TYPE public.status ADD VALUE 'it''s old' BEFORE 'gone';
ALTER TYPE public.status ADD VALUE IF NOT EXISTS 'new';
