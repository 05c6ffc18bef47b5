INSERT INTO temporary_helper_table.zips (zip, city) VALUES
    ('12207', 'Albany'),
    ('10007', 'New York');
