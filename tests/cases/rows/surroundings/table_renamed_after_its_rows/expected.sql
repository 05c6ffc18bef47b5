INSERT INTO table_renamed_after_its_rows.accounts VALUES (1, 'ada@example.org');

INSERT INTO table_renamed_after_its_rows.users VALUES (7, 1);
