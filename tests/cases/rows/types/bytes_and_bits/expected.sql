INSERT INTO bytes_and_bits.held (number, blob, flags, mask) VALUES
    (1, E'\\x00ff5c27', '10100101', ''),
    (2, E'\\x', '11110000', '101'),
    (3, E'\\x706c61696e5c20012074657874', '00000000', NULL),
    (4, NULL, NULL, '1111111111111111');
