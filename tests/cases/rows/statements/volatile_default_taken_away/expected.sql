INSERT INTO volatile_default_taken_away.invitations (email, token, tries) VALUES
    ('ada@example.org', gen_random_uuid(), 0),
    ('grace@example.org', gen_random_uuid(), 0);
