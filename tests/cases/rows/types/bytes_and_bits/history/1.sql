CREATE SCHEMA bytes_and_bits;
CREATE TABLE bytes_and_bits.held (id int PRIMARY KEY, blob bytea, flags bit(8), mask bit varying(16));
INSERT INTO bytes_and_bits.held VALUES
    (1, '\x00ff5c27', B'10100101', B''),
    (2, '', X'0f', B'101'),
    (3, 'plain\\ \001 text', B'00000000', NULL),
    (4, NULL, NULL, B'1111111111111111');
UPDATE bytes_and_bits.held SET flags = ~flags WHERE id = 2;
ALTER TABLE bytes_and_bits.held RENAME COLUMN id TO number;
