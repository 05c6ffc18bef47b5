ALTER TABLE paths ADD CHECK (path !~ '^\s+$' AND tab <> E'\u00e9' AND path <> U&'d!0061t' UESCAPE '!');
