INSERT INTO not_valid_key.parents VALUES (1);

INSERT INTO not_valid_key.children VALUES (1, 1), (2, 99);

INSERT INTO not_valid_key.children VALUES (3, 1);
