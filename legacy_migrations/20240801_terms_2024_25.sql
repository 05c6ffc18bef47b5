-- terms for the new court year
INSERT INTO court_terms VALUES
  (1, '2024-FALL',   'Fall term 2024',   '2024-09-03', '2024-12-20'),
  (2, '2025-WINTER', 'Winter term 2025', '2025-01-06', '2025-03-28');

ALTER TABLE court_terms ADD COLUMN is_current boolean NOT NULL DEFAULT false;

INSERT INTO term_assignments (term_code, judge, part) VALUES
  ('2024-FALL', 'Hon. A. Rivera', 'Part 12'),
  ('2025-WINTER', 'Hon. M. Chen', 'Part 37');

-- new switchboard
UPDATE departments SET phone = '555-0200' WHERE name = 'Facilities';
