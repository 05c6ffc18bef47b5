INSERT INTO keys VALUES (1, 'Cell 1'), (2, 'Cell 2');
