CREATE VIEW recent AS SELECT id, body FROM notes ORDER BY id DESC LIMIT 10
/* no semicolon; and a /* nested */ comment */
