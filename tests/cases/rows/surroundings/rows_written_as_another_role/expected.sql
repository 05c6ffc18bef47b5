INSERT INTO rows_written_as_another_role.entries (id, by_whom) VALUES
    (1, 'postgres'),
    (2, 'rows_writer');
