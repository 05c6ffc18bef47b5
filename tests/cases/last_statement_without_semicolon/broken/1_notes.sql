CREATE TABLE notes (id bigint)

CREATE INDEX notes_id ON notes (id)