INSERT INTO lookup_row_for_a_default.settings VALUES ('currency', 'USD');

INSERT INTO lookup_row_for_a_default.prices (item, amount) VALUES ('copy', 0.25);

UPDATE lookup_row_for_a_default.settings SET value = 'EUR';

INSERT INTO lookup_row_for_a_default.prices (item, amount) VALUES ('seal', 5);
