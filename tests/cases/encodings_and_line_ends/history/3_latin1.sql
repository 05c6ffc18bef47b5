SET client_encoding = 'LATIN1';
COMMENT ON COLUMN räume.name IS 'é';
INSERT INTO räume VALUES (2, 'ñ');
