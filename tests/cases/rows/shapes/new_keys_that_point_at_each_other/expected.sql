INSERT INTO new_keys_that_point_at_each_other.teams (name) VALUES ('Bailiffs'), ('Clerks');

INSERT INTO new_keys_that_point_at_each_other.people (full_name, team, nick) VALUES
    ('Ada', (SELECT id FROM new_keys_that_point_at_each_other.teams WHERE name = 'Clerks'), 'A'),
    ('Emmy', NULL, 'E'),
    ('Grace', NULL, 'G');

INSERT INTO new_keys_that_point_at_each_other.mentors (person, mentor) VALUES
    ((SELECT id FROM new_keys_that_point_at_each_other.people WHERE full_name = 'Ada'), (SELECT id FROM new_keys_that_point_at_each_other.people WHERE full_name = 'Emmy')),
    ((SELECT id FROM new_keys_that_point_at_each_other.people WHERE full_name = 'Ada'), (SELECT id FROM new_keys_that_point_at_each_other.people WHERE full_name = 'Grace')),
    ((SELECT id FROM new_keys_that_point_at_each_other.people WHERE full_name = 'Emmy'), (SELECT id FROM new_keys_that_point_at_each_other.people WHERE full_name = 'Grace'));
