-- infinite recursion in the profiles policy!! do not look at profiles here
CREATE OR REPLACE FUNCTION public.is_admin(uid uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM user_roles ur WHERE ur.user_id = uid AND ur.role = 'administrator');
END;
$$;
ALTER FUNCTION public.is_admin(uuid) SET search_path = public;
