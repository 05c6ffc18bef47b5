ALTER TABLE counted.rooms ALTER COLUMN number DROP DEFAULT;
DROP SEQUENCE counted.numbers;
