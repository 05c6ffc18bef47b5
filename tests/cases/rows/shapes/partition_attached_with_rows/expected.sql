INSERT INTO partition_attached_with_rows.west VALUES ('first', 'west');

INSERT INTO partition_attached_with_rows.logs VALUES ('west', 'second');
