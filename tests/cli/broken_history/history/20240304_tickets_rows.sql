INSERT INTO tickets VALUES (1, 'Lamp in the hall', now(), 'open');
