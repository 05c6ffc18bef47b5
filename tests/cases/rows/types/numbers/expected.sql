INSERT INTO numbers.held (number, small, big, exact, scaled, rough, fine, price) VALUES
    (1, -32768, -9223372036854775808, 'NaN', 1.500, 'NaN', 'Infinity', '$1,234.50'),
    (2, 32768, 9223372036854775807, 'Infinity', 0.000, '-Infinity', '-0', '-$0.01'),
    (3, 0, 0, 1.10, 12345.678, '-0', '1e-300', '$0.00'),
    (4, NULL, NULL, 100000000000000000000.000000000001, 0.000, 0.1, 0.1, NULL);
