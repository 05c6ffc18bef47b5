ALTER TABLE texts.held ADD COLUMN later text DEFAULT 'a;b';
INSERT INTO texts.held (id, t) VALUES (6, '/* open');
ALTER TABLE texts.held RENAME COLUMN t TO body;
UPDATE texts.held SET body = body || E'\n; DROP TABLE texts.held; --' WHERE id = 6;
