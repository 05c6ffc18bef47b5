CREATE VIEW recent AS SELECT (id FROM notes

