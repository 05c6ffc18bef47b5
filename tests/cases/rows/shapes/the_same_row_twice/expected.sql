INSERT INTO the_same_row_twice.votes VALUES ('yes', 1), ('yes', 1), (NULL, NULL), (NULL, NULL), ('no', 0.1);

DELETE FROM the_same_row_twice.votes WHERE ctid = (SELECT min(ctid) FROM the_same_row_twice.votes WHERE choice = 'no');

INSERT INTO the_same_row_twice.votes SELECT * FROM the_same_row_twice.votes WHERE choice IS NULL LIMIT 1;
