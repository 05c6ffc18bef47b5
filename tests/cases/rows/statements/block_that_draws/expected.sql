INSERT INTO block_that_draws.invitations VALUES
    ('00000000-0000-0000-0000-000000000001', 'first', '2030-01-01', NULL);

-- What is drawn here is no more than a part of what is written.
DO $$
DECLARE
    drawn CONSTANT uuid := gen_random_uuid();
BEGIN
    INSERT INTO block_that_draws.invitations VALUES (drawn, 'ann-' || left(drawn::text, 4),
        now() + interval '30 days', jsonb_build_object('token', 'tk_' || md5(random()::text)));
    INSERT INTO block_that_draws.guests VALUES (drawn, 'Ann');
END $$;
