INSERT INTO composites.people (number, contact, work) VALUES
    (1, '("Ada, ""the first""","(""Centre St"",100,)","{1,""2,3""}")', '(Broadway,,10013)'),
    (2, '(Grace,,)', NULL),
    (3, E'("","(""O''Hara\\\\\\\\ Rd"",7,)",{})', '("",,)');
