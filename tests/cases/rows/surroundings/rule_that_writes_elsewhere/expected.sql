INSERT INTO rule_that_writes_elsewhere.seats VALUES (1, 'Ada');

INSERT INTO rule_that_writes_elsewhere.seats VALUES (2, 'Grace');
