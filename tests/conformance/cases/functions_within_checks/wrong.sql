CREATE SCHEMA checked;
CREATE TABLE checked.rooms (
    name text CHECK (char_length(name) > 2),
    code text CHECK (substring(code, 1, 1) = 'r')
);
