CREATE SCHEMA rows_through_a_view;
CREATE TABLE rows_through_a_view.all_judges (id int PRIMARY KEY, name text, active boolean NOT NULL DEFAULT true);
CREATE VIEW rows_through_a_view.judges AS SELECT id, name FROM rows_through_a_view.all_judges WHERE active;
INSERT INTO rows_through_a_view.judges VALUES (1, 'Ada'), (2, 'Grace');
UPDATE rows_through_a_view.judges SET name = 'Emmy' WHERE id = 2;
DROP VIEW rows_through_a_view.judges;
ALTER TABLE rows_through_a_view.all_judges RENAME TO judges;
