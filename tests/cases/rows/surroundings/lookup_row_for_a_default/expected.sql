INSERT INTO lookup_row_for_a_default.settings VALUES ('currency', 'EUR');

INSERT INTO lookup_row_for_a_default.prices (item, amount, currency) VALUES ('copy', 0.25, 'USD');

INSERT INTO lookup_row_for_a_default.prices (item, amount, currency) VALUES ('seal', 5, 'EUR');
