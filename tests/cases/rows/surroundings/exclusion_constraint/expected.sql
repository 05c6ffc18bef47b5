INSERT INTO exclusion_constraint.terms VALUES (2, '[2024-02-01,2024-03-01)');

INSERT INTO exclusion_constraint.terms VALUES (3, '[2024-01-15,2024-01-31]');
