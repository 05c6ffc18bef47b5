CREATE INDEX ON spare_days (day);
