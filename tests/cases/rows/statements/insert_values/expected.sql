-- The two that everybody knows
INSERT INTO insert_values.courts (id, name) VALUES
    (1, 'Civil'),    -- on Centre Street
    (2, 'Criminal');

/* one without a name yet */
INSERT INTO insert_values.courts (id) VALUES (3);

INSERT INTO insert_values.courts VALUES (4, DEFAULT, 12);
