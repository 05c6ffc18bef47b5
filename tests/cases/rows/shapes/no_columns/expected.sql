INSERT INTO no_columns.marks DEFAULT VALUES;

INSERT INTO no_columns.marks DEFAULT VALUES;

INSERT INTO no_columns.emptied DEFAULT VALUES;
INSERT INTO no_columns.emptied DEFAULT VALUES;
INSERT INTO no_columns.emptied DEFAULT VALUES;
