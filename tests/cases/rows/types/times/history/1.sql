CREATE SCHEMA times;
CREATE TABLE times.held (
    id int PRIMARY KEY, d date, t time, tz time with time zone, ts timestamp, tstz timestamptz, gap interval, short timestamptz(0));
DO $rows$ BEGIN
INSERT INTO times.held VALUES
    (1, 'infinity', '24:00', '12:00+05:30', '-infinity', 'infinity', '1 year 2 mons -3 days 04:05:06.789', '2024-03-10 02:30:00-05'),
    (2, '0044-03-15 BC', '00:00:00.000001', '23:59:59-08', '2024-02-29 12:00', '1900-01-01 00:00+00', '-1 month +30 days', '2024-07-01 12:00 Europe/Berlin'),
    (3, '2024-12-31', '09:00', '00:00+00', '1999-12-31 23:59:59.999999', '2024-03-31 02:30 Europe/Berlin', '0', NULL),
    (4, NULL, NULL, NULL, NULL, NULL, 'P1DT2H', 'epoch');
END $rows$;
UPDATE times.held SET gap = gap + '1 day' WHERE id = 3;
DELETE FROM times.held WHERE id = 4;
ALTER TABLE times.held RENAME COLUMN id TO number;
