INSERT INTO partition_attached_with_rows.west (line, region) VALUES
    ('first', 'west'),
    ('second', 'west');
