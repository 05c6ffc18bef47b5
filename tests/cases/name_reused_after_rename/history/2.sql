ALTER TABLE docs RENAME TO old_docs;
CREATE TABLE docs (id serial PRIMARY KEY, body text, author text DEFAULT 'nobody');
CREATE INDEX docs_title_idx ON docs (body);
