CREATE INDEX notes_body ON notes (lower(body)); -- for searches
COMMENT ON TABLE notes IS 'all; of them' -- the end