INSERT INTO ranges.held (number, ints, days, moments, many, speeds) VALUES
    (1, '[1,6)', '[2024-01-01,2024-02-01)', '["2023-12-31 22:00:00+00",infinity)', '{[1,3),[7,9),[100,200)}', '(0.5,1.50]'),
    (2, 'empty', '(,2024-01-02)', '(,)', '{}', 'empty'),
    (3, '(,)', 'empty', NULL, '{(,)}', '[1,)');
