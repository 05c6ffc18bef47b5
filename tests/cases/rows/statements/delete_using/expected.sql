INSERT INTO delete_using.users VALUES (1, 'ada@example.org'), (3, 'grace@example.org');

INSERT INTO delete_using.banned VALUES ('eve@example.org');
