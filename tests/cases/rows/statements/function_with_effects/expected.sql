SELECT function_with_effects.tag('urgent');

SELECT function_with_effects.tag(name) FROM unnest(ARRAY['sealed', 'urgent']) AS name;
