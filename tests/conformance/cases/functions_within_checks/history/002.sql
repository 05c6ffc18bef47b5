ALTER TABLE checked.rooms ADD COLUMN code text CHECK (substr(code, 1, 1) = 'r');
