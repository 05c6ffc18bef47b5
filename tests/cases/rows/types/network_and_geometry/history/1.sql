CREATE SCHEMA network_and_geometry;
CREATE TABLE network_and_geometry.held (id int PRIMARY KEY, ip inet, net cidr, mac macaddr, long_mac macaddr8, at point, area box, shape polygon, ring circle);
DO $rows$ BEGIN
INSERT INTO network_and_geometry.held VALUES
    (1, '10.0.0.7/24', '10.0.0.0/24', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '(1,2.5)', '(2,2),(0,0)', '((0,0),(1,1),(2,0))', '<(0,0),1.5>'),
    (2, '::1', '2001:db8::/32', NULL, NULL, '(-0,Infinity)', NULL, NULL, NULL);
END $rows$;
UPDATE network_and_geometry.held SET at = '(3,4)' WHERE id = 1;
ALTER TABLE network_and_geometry.held RENAME COLUMN id TO number;
