INSERT INTO column_gone_from_the_middle.tickets (id, title, legacy) VALUES
    (1, 'Broken lamp', 7),
    (2, 'Cold room', 7);
