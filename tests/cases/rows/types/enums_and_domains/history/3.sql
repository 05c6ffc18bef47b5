INSERT INTO enums_and_domains.jobs VALUES (3, 'held', 0, '{open,held}');
