CREATE SCHEMA lookup_row_for_a_default;
CREATE TABLE lookup_row_for_a_default.settings (name text PRIMARY KEY, value text NOT NULL);
INSERT INTO lookup_row_for_a_default.settings VALUES ('currency', 'USD');
CREATE FUNCTION lookup_row_for_a_default.setting(text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT value FROM lookup_row_for_a_default.settings WHERE name = $1 $$;
CREATE TABLE lookup_row_for_a_default.prices (item text PRIMARY KEY, amount numeric, currency text NOT NULL DEFAULT lookup_row_for_a_default.setting('currency'));
INSERT INTO lookup_row_for_a_default.prices (item, amount) VALUES ('copy', 0.25);
UPDATE lookup_row_for_a_default.settings SET value = 'EUR';
INSERT INTO lookup_row_for_a_default.prices (item, amount) VALUES ('seal', 5);
