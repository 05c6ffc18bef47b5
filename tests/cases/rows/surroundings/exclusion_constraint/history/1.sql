CREATE SCHEMA exclusion_constraint;
CREATE TABLE exclusion_constraint.terms (id int PRIMARY KEY, span daterange, EXCLUDE USING gist (span WITH &&));
INSERT INTO exclusion_constraint.terms VALUES (1, '[2024-01-01,2024-02-01)'), (2, '[2024-02-01,2024-03-01)');
DELETE FROM exclusion_constraint.terms WHERE id = 1;
INSERT INTO exclusion_constraint.terms VALUES (3, '[2024-01-15,2024-01-31]');
