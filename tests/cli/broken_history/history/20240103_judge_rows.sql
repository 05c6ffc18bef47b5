INSERT INTO judges (id, name, bench) VALUES
    ('00000000-0000-0000-0000-00000000000a', 'Learned Hand', 1),
    ('00000000-0000-0000-0000-00000000000b', 'Ruth Bader', 2);
