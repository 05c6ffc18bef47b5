INSERT INTO not_valid_check.keys VALUES (1, 'M-1'), (2, 'K-0002');

INSERT INTO not_valid_check.keys VALUES (3, 'K-0003');
