INSERT INTO keys VALUES (2, 'Cell two');
