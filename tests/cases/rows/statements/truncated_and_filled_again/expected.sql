INSERT INTO truncated_and_filled_again.kinds (name) VALUES ('new');

INSERT INTO truncated_and_filled_again.things VALUES (1, 'pen');
