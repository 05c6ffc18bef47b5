ALTER TYPE enums_and_domains.state ADD VALUE 'held' BEFORE 'it''s done';
ALTER TYPE enums_and_domains.state RENAME VALUE 'it''s done' TO 'done';
