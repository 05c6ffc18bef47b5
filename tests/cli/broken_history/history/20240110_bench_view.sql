CREATE VIEW benches AS SELECT bench, name FROM judges ORDER BY bench;
