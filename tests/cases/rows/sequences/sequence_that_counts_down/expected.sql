INSERT INTO sequence_that_counts_down.launches (at) VALUES
    (100),
    (90),
    (50);
