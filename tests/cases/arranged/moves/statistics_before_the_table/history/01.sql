CREATE SCHEMA statistics_before_the_table;
CREATE TABLE statistics_before_the_table.bill (a integer, b integer);
CREATE STATISTICS statistics_before_the_table.together (dependencies) ON a, b FROM statistics_before_the_table.bill;
