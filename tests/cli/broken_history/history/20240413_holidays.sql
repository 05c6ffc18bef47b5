CREATE TABLE holidays (
    day date PRIMARY KEY,
    name text NOT NULL
);
INSERT INTO holidays VALUES ('2024-12-25', 'Christmas');
