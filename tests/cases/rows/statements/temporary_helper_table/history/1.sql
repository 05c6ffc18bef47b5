CREATE SCHEMA temporary_helper_table;
CREATE TABLE temporary_helper_table.zips (zip text PRIMARY KEY, city text NOT NULL);
CREATE TEMP TABLE staging (line text);
INSERT INTO staging VALUES ('10007;New York'), ('12207;Albany'), ('12207;Albany');
INSERT INTO temporary_helper_table.zips SELECT DISTINCT split_part(line, ';', 1), split_part(line, ';', 2) FROM staging;
DROP TABLE staging;
