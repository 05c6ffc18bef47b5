CREATE TABLE spare_days (day date);
INSERT INTO spare_days SELECT day FROM holiday;
