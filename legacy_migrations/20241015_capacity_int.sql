-- max_people as a number (edited on the clerk's Windows laptop)
ALTER TABLE capacities ALTER COLUMN max_people DROP DEFAULT;
ALTER TABLE capacities
  ALTER COLUMN max_people TYPE integer
  USING nullif(regexp_replace(max_people, '[^0-9]', '', 'g'), '')::integer;
ALTER TABLE capacities ALTER COLUMN max_people SET DEFAULT 0;

-- 80 characters is what fits on the sign
ALTER TABLE capacities ALTER COLUMN note TYPE varchar(80);

CREATE FUNCTION capacity_label(p integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p > 0
    THEN 'max. ' || p || ' persons'
    ELSE 'closed' END
$$;
