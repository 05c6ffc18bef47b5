INSERT INTO enums_and_domains.jobs (id, state, done, was) VALUES
    (1, 'open', 12.50, '{}'),
    (2, 'done', 100.00, '{open}'),
    (3, 'held', 0.00, '{open,held}');
