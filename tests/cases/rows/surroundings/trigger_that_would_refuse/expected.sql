INSERT INTO trigger_that_would_refuse.payments VALUES (1, -5), (2, 10);

INSERT INTO trigger_that_would_refuse.payments VALUES (3, 7);
