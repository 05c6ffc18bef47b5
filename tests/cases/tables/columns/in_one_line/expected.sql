CREATE TABLE one_line.short (a int, b int, c int);

CREATE TABLE one_line.long (
    a int NOT NULL DEFAULT 1,
    b text NOT NULL DEFAULT 'x',
    another_column_with_a_name text NOT NULL DEFAULT 'nothing yet'
);
