INSERT INTO loans VALUES (2, 'projector'), (3, 'lectern');
