INSERT INTO block_that_copies_a_drawn_key.courts (name) VALUES ('North'), ('South');

INSERT INTO block_that_copies_a_drawn_key.rooms (court, number, former_court, path) VALUES
    ((SELECT id FROM block_that_copies_a_drawn_key.courts WHERE name = 'South'), 1, (SELECT id FROM block_that_copies_a_drawn_key.courts WHERE name = 'South'), (SELECT id FROM block_that_copies_a_drawn_key.courts WHERE name = 'South')::text),
    ((SELECT id FROM block_that_copies_a_drawn_key.courts WHERE name = 'South'), 2, (SELECT id FROM block_that_copies_a_drawn_key.courts WHERE name = 'South'), 'x');
