CREATE FUNCTION is_clerk(who uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM profiles WHERE id = who AND title = 'clerk')
$$;
