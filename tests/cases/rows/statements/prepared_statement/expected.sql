INSERT INTO prepared_statement.flags (name, on_by_default) VALUES
    ('search', true),
    ('export', false);
