INSERT INTO forced_row_security.notes VALUES (1, 'ada', 'hidden from everybody else'), (2, 'grace', NULL);
