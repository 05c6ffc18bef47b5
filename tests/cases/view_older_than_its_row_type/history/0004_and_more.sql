ALTER TYPE caller ADD ATTRIBUTE phone text;
CREATE FUNCTION team_of(users) RETURNS text LANGUAGE sql STABLE AS $$ SELECT name FROM teams WHERE id = $1.team $$;
