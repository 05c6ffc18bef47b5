INSERT INTO network_and_geometry.held (number, ip, net, mac, long_mac, at, area, shape, ring) VALUES
    (1, '10.0.0.7/24', '10.0.0.0/24', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '(3,4)', '(2,2),(0,0)', '((0,0),(1,1),(2,0))', '<(0,0),1.5>'),
    (2, '::1', '2001:db8::/32', NULL, NULL, '(-0,Infinity)', NULL, NULL, NULL);
