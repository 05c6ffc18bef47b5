CREATE SCHEMA one_line;
CREATE TABLE one_line.short (a int, b int);
CREATE TABLE one_line.long (a int NOT NULL DEFAULT 1, b text NOT NULL DEFAULT 'x');
