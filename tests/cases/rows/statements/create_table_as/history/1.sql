CREATE SCHEMA create_table_as;
CREATE TABLE create_table_as.visits (day date, visitors int);
INSERT INTO create_table_as.visits VALUES ('2024-01-01', 3), ('2024-01-02', 4), ('2024-02-01', 5);
CREATE TABLE create_table_as.months AS
    SELECT date_trunc('month', day)::date AS month, sum(visitors) AS visitors FROM create_table_as.visits GROUP BY 1;
ALTER TABLE create_table_as.months ADD PRIMARY KEY (month);
INSERT INTO create_table_as.visits VALUES ('2024-02-02', 6);
