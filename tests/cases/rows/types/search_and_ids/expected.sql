INSERT INTO search_and_ids.pages (number, body, words, wanted, place, kind) VALUES
    ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', NULL, '''a b'':1A,2 ''c''', NULL, NULL, 'text[]'),
    ('00000000-0000-0000-0000-000000000001', 'A court''s order', '''court'':2B ''order'':4B', '''it''''s'' & ''court'':*', '16/B374D848', 'int4range');
