CREATE SCHEMA partition_attached_with_rows;
CREATE TABLE partition_attached_with_rows.logs (region text NOT NULL, line text) PARTITION BY LIST (region);
CREATE TABLE partition_attached_with_rows.west (line text, region text NOT NULL);
INSERT INTO partition_attached_with_rows.west VALUES ('first', 'west');
ALTER TABLE partition_attached_with_rows.logs ATTACH PARTITION partition_attached_with_rows.west FOR VALUES IN ('west');
INSERT INTO partition_attached_with_rows.logs VALUES ('west', 'second');
