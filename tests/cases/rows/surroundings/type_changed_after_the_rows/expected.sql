INSERT INTO type_changed_after_the_rows.payments VALUES (1, 12.50, 'paid'), (2, 3.00, 'open');
