CREATE OR REPLACE VIEW court_names AS SELECT name FROM courts;
