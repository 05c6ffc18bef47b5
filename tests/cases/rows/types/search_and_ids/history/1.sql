CREATE SCHEMA search_and_ids;
CREATE TABLE search_and_ids.pages (
    id uuid PRIMARY KEY, body text, words tsvector, wanted tsquery, place pg_lsn, kind regtype);
INSERT INTO search_and_ids.pages VALUES
    ('00000000-0000-0000-0000-000000000001', 'A court''s order', to_tsvector('english', 'A court''s order'), '''it''''s'' & court:*', '16/B374D848', 'int4range'),
    ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', NULL, '''a b'':1A,2 c', NULL, NULL, 'text[]');
UPDATE search_and_ids.pages SET words = setweight(words, 'B') WHERE id = '00000000-0000-0000-0000-000000000001';
ALTER TABLE search_and_ids.pages RENAME COLUMN id TO number;
