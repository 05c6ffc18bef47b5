CREATE SCHEMA on_conflict;
CREATE TABLE on_conflict.settings (name text PRIMARY KEY, value text NOT NULL, writes int NOT NULL DEFAULT 1);
INSERT INTO on_conflict.settings (name, value) VALUES ('theme', 'light'), ('locale', 'en');
INSERT INTO on_conflict.settings (name, value) VALUES ('theme', 'dark'), ('beta', 'off') ON CONFLICT DO NOTHING;
INSERT INTO on_conflict.settings AS s (name, value) VALUES ('locale', 'de')
ON CONFLICT (name) DO UPDATE SET value = excluded.value, writes = s.writes + 1;
