INSERT INTO call_procedure.steps (number, told) VALUES
    (1, 'step 1'),
    (2, 'step 2'),
    (3, 'step 3');
