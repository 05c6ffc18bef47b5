CREATE SCHEMA function_with_effects;
CREATE TABLE function_with_effects.tags (id serial PRIMARY KEY, name text UNIQUE);
CREATE FUNCTION function_with_effects.tag(text) RETURNS int LANGUAGE sql AS $$
    INSERT INTO function_with_effects.tags (name) VALUES ($1)
    ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id $$;
SELECT function_with_effects.tag('urgent');
SELECT function_with_effects.tag(name) FROM unnest(ARRAY['sealed', 'urgent']) AS name;
