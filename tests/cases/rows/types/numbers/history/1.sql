CREATE SCHEMA numbers;
CREATE TABLE numbers.held (
    id int PRIMARY KEY, small smallint, big bigint, exact numeric, scaled numeric(8, 3), rough real, fine double precision,
    price money);
DO $rows$ BEGIN
INSERT INTO numbers.held VALUES
    (1, -32768, -9223372036854775808, 'NaN', 1.5, 'NaN', 'Infinity', '$1,234.50'),
    (2, 32767, 9223372036854775807, 'Infinity', -0.0004, '-Infinity', '-0', '-$0.01'),
    (3, 0, 0, 1.10, 12345.678, '-0', 1e-300, 0),
    (4, NULL, NULL, 100000000000000000000.000000000001, 0, 0.1, 0.1, NULL);
END $rows$;
UPDATE numbers.held SET fine = fine WHERE id = 2;
ALTER TABLE numbers.held ALTER COLUMN small TYPE int;
UPDATE numbers.held SET small = small + 1 WHERE id = 2;
ALTER TABLE numbers.held RENAME COLUMN id TO number;
