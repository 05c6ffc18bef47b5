CREATE SCHEMA nothing_left;
CREATE TABLE nothing_left.drafts (id serial PRIMARY KEY, body text);
CREATE TABLE nothing_left.published (id int PRIMARY KEY, body text);
INSERT INTO nothing_left.drafts (body) VALUES ('try'), ('try again');
UPDATE nothing_left.drafts SET body = 'never' WHERE id > 9;
DELETE FROM nothing_left.drafts;
INSERT INTO nothing_left.published VALUES (1, 'at last') ON CONFLICT DO NOTHING;
INSERT INTO nothing_left.published VALUES (1, 'too late') ON CONFLICT DO NOTHING;
