INSERT INTO do_block.hours (weekday, opens, closes) VALUES
    ('Mon', '09:00:00', '17:00:00'),
    ('Tue', '09:00:00', '17:00:00'),
    ('Wed', '09:00:00', '12:30:00');
