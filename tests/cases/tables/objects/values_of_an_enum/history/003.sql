ALTER TYPE valued.state RENAME VALUE 'closed' TO 'done';
ALTER TYPE valued.kind RENAME TO size;
